"""The survey as a page for a phone, behind the signed links `/s/{token}`."""
