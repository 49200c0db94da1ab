"""What looks on while a network trains: at bounded cost, and without changing a bit of what is trained."""
