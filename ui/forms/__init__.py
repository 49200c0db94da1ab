"""Forms made from declarations: a parameter says what it is, and its row, check, help and default follow."""
