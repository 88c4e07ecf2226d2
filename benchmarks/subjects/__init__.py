"""What is compared: a file a subject, each with a title and a function `rows(quick, full)`."""
