"""The browser pages; the only place that imports streamlit."""
