"""Small reusable widgets in our look."""
