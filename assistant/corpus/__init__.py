"""Reading: PDFs below ``corpus/`` become documents, pages and passages."""
