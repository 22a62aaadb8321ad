"""The archive of reports by API, and the page that a shared link opens."""
