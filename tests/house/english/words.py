"""Word lists of the language guards: what a summary begins with, what coined words are called, what no code feels."""

__all__ = ["COINED", "COINED_NAMES", "COINED_PAIRS", "IMPERATIVES", "PERSONIFIED"]

IMPERATIVES = frozenset(
    """
    Accept Acknowledge Add Advance Allow Anonymize Answer Append Apply Ask Assemble Attach Await Begin Bind
    Blank Block Build Calculate Call Cancel Change Check Choose Claim Clear Close Collect Combine Commit Compare
    Complete Compose Compute Configure Confirm Connect Consume Continue Convert Copy Count Create Cut Decide
    Declare Decode Decrypt Defer Delete Deliver Derive Describe Detect Determine Disable Discard Display Draft
    Draw Drop Edit Empty Enable Encode Encrypt End Enqueue Enter Erase Escalate Escape Evaluate Examine Exchange
    Exclude Execute Expire Explain Export Extend Extract Fail Fetch Fill Filter Find Finish Flush Fold Follow
    Forget Format Forward Generate Get Group Halt Handle Hash Hide Hold Identify Ignore Import Include Index
    Initialize Insert Install Interpret Invite Join Keep Kill Lease Limit Link List Load Lock Log Make Map Mark
    Mask Match Measure Merge Migrate Move Name Normalize Note Notify Number Offer Omit Open Order Overwrite
    Parse Pass Pause Pick Plan Poll Post Postpone Prefer Prepare Print Process Publish Query Queue Quote Raise Read
    Receive Record Redact Redirect Redraw Reduce Refresh Refuse Register Reject Release Reload Remind Remove
    Render Reopen Repeat Replace Report Request Require Reschedule Reserve Reset Resolve Restore Resume Retry
    Return Revoke Round Run Sample Save Schedule Search Select Send Serialize Serve Set Settle Shorten Show Sign
    Skip Sort Split Start Stop Store Stream Strip Submit Subscribe Sum Supersede Suppress Suspend Switch Take
    Test Thank Transfer Translate Truncate Try Undo Unlock Unsubscribe Update Use Validate Verify Wait Wake
    Watch Withdraw Wrap Write Yield
    """.split()
)
"""What the summary of a function may begin with: the imperative of what is done, in the field's words."""

COINED = {
    "books": "quota",
    "brought": "query results",
    "deed": "action",
    "deeds": "actions",
    "doomed": "failed",
    "errand": "job",
    "errands": "jobs",
    "farewell": "closing message",
    "glance": "card summary",
    "glances": "card summaries",
    "hear": "receive, or decide about what was received",
    "heard": "received",
    "hears": "receives",
    "hush": "acknowledge only",
    "ladder": "order of sending",
    "lane": "queue",
    "lanes": "queues",
    "leaver": "opted-out customer",
    "leavers": "opted-out customers",
    "mailroom": "queue",
    "mumbled": "not understood",
    "nameless": "anonymous",
    "scene": "decision context",
    "seal": "encrypt, or sign",
    "sealed": "encrypted, or signed",
    "seals": "verification",
    "standstill": "pause",
    "stone": "tombstone",
    "stones": "tombstones",
    "ticks": "scheduler",
    "tidying": "retention",
    "unheard": "undelivered",
}
"""Words that were coined here once, and what the field says; neither a name nor a docstring uses them."""

COINED_NAMES = {
    "around": "dependencies",
    "parting": "anonymization",
    "partings": "anonymizations",
    "tick": "run of the scheduler",
    "tried": "attempt",
}
"""Plain English in a sentence, but not as the name of a thing."""

COINED_PAIRS = {("set", "off"): "start sending", ("let", "go"): "release", ("had", "left"): "opted out"}
"""Two words of a name that were coined together."""

PERSONIFIED = (
    r"nobody (?:misses|minds|cares)",
    r"(?:politely|gladly|kindly|sadly|happily|patiently|honest|honestly|thinks?|believes?|forgives?|suspects?)",
    r"(?:farewell|our business|none of our business|is welcome|are welcome)",
    r"(?:Know (?:of|the|an?|this)|Think (?:well|of))",
    r"(?:thumbs slip|the world|dice|speaks? to nobody|goes? home)",
    r"(?:dead|live) one's",
)
"""Turns of phrase that lend a life to code, or dress up a plain statement; regular expressions, whole words."""
