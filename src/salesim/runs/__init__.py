"""Many runs: executed on any executor, kept in the folder of a study, read again, exported and verified."""
