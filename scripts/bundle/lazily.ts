/** Stands for what `make` gives: it is made at the first look into it. For what nobody writes to or lists the names of. */
export function lazily<Made extends object>(make: () => Made): Made {
  let made: Made | undefined;
  const held = (): Made => (made ??= make());
  return new Proxy({} as Made, {
    get: (_, name) => {
      const value: unknown = Reflect.get(held(), name);
      return typeof value === 'function' ? value.bind(held()) : value;
    },
    has: (_, name) => Reflect.has(held(), name),
  });
}
