"""From the files of a study to one page: `figures` draws, `readings` puts the data in a sentence, `page` writes."""
