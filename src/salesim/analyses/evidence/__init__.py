"""Published facts and the claims of the article, measured."""
