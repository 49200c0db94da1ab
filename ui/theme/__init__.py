"""How everything looks: tokens, palette, style sheet, icons. No colour or size stands anywhere else."""
