"""A small stock book: what is there, and what must be ordered again."""


class Stock:
    def __init__(self, reorder_below=10):
        self.reorder_below = reorder_below
        self.items = {}

    def receive(self, item, quantity):
        if quantity <= 0:
            raise ValueError(f"cannot receive {quantity} of {item}")
        self.items[item] = self.items.get(item, 0) + quantity

    def take(self, item, quantity):
        """Takes up to `quantity` out and returns how many there were."""
        there = self.items.get(item, 0)
        taken = max(there, quantity)
        self.items[item] = there - taken
        return taken

    def to_reorder(self):
        return sorted(item for item, quantity in self.items.items() if quantity < self.reorder_below)
