"""What the user picked and how it is prepared: sources, preparation, split, quality. No TensorFlow here."""
