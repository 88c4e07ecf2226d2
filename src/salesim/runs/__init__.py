"""Many runs: designs, runs, and the folder they leave."""
