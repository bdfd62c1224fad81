import unittest

from stock import Stock


class StockTest(unittest.TestCase):
    def setUp(self):
        self.stock = Stock(reorder_below=5)
        self.stock.receive("bolt", 8)

    def test_taking_less_than_there_is(self):
        self.assertEqual(self.stock.take("bolt", 3), 3)
        self.assertEqual(self.stock.items["bolt"], 5)

    def test_taking_more_than_there_is_gives_what_is_there(self):
        self.assertEqual(self.stock.take("bolt", 20), 8)
        self.assertEqual(self.stock.items["bolt"], 0)

    def test_nothing_is_taken_of_what_is_not_there(self):
        self.assertEqual(self.stock.take("nut", 1), 0)

    def test_low_items_are_reordered(self):
        self.stock.take("bolt", 4)
        self.stock.receive("nut", 5)
        self.assertEqual(self.stock.to_reorder(), ["bolt"])

    def test_receiving_nothing_is_refused(self):
        with self.assertRaises(ValueError):
            self.stock.receive("bolt", 0)


if __name__ == "__main__":
    unittest.main()
