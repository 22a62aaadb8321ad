"""From a finding to a change that is shown to have helped."""
