"""The proof: the rooms, the doors and the rules of the house, tested."""
