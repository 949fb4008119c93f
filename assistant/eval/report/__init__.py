"""A run, or two side by side, as one HTML file that needs nothing else, and as Markdown.

It draws with Matplotlib: import it only where a report is wanted.
"""

from assistant.eval.report.addresses import page_address
from assistant.eval.report.comparison import comparison_page, write_comparison
from assistant.eval.report.folders import write_comparison_of, write_report_of
from assistant.eval.report.markdown import markdown_comparison, markdown_summary
from assistant.eval.report.report import report_page, write_report

__all__ = [
    "comparison_page",
    "markdown_comparison",
    "markdown_summary",
    "page_address",
    "report_page",
    "write_comparison",
    "write_comparison_of",
    "write_report",
    "write_report_of",
]
