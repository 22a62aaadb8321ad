"""The fakes of the outside world are tested themselves: a wrong fake proves nothing."""
