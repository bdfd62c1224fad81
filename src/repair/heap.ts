/** A queue that gives the highest score first; equal scores in order of arrival. */
export class Heap<T> {
  readonly #items: { readonly score: number; readonly order: number; readonly item: T }[] = [];
  #arrived = 0;

  get size(): number {
    return this.#items.length;
  }

  push(score: number, item: T): void {
    const items = this.#items;
    items.push({ score, order: this.#arrived++, item });
    let at = items.length - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#before(at, up)) return;
      this.#swap(at, up);
      at = up;
    }
  }

  peek(): { readonly score: number; readonly item: T } | null {
    return this.#items[0] ?? null;
  }

  pop(): { readonly score: number; readonly item: T } | null {
    const items = this.#items;
    const top = items[0];
    if (!top) return null;
    const last = items.pop()!;
    if (items.length > 0) {
      items[0] = last;
      this.#sink();
    }
    return top;
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      let best = at;
      for (const down of [2 * at + 1, 2 * at + 2])
        if (down < this.#items.length && this.#before(down, best)) best = down;
      if (best === at) return;
      this.#swap(at, best);
      at = best;
    }
  }

  #before(a: number, b: number): boolean {
    const [x, y] = [this.#items[a]!, this.#items[b]!];
    return x.score !== y.score ? x.score > y.score : x.order < y.order;
  }

  #swap(a: number, b: number): void {
    const items = this.#items;
    [items[a], items[b]] = [items[b]!, items[a]!];
  }
}
