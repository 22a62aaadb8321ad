"""Checks of what customers answered: of a question that was asked, on its scale, with its history, and no names."""

from storage.verification.check import PromiseCheck

__all__ = ["ANSWER_CHECKS"]

_OFF_THE_SCALE = """
WITH scales AS MATERIALIZED (
    SELECT s.id AS survey, s.number AS number, q.value ->> 'id' AS question,
        CAST(PARSED(s.body) -> 'scale' ->> 'lowest' AS INTEGER) AS lowest,
        CAST(PARSED(s.body) -> 'scale' ->> 'highest' AS INTEGER) AS highest
    FROM surveys s, EACH_OBJECT(PARSED(s.body) -> 'questions') AS q
)
SELECT a.response || '/' || a.number FROM answer_logs a
JOIN interviews n ON n.id = a.response
JOIN surveys s ON s.id = n.survey AND s.number = n.survey_number
LEFT JOIN scales c ON c.survey = n.survey AND c.number = n.survey_number
    AND c.question = replace(replace(a.question, 'clarify:', ''), 'clarified:', '')
WHERE a.value IS NOT NULL AND CASE WHEN a.question LIKE 'weight:%' THEN a.value < 1 OR a.value > 5
    ELSE c.question IS NULL OR a.value < c.lowest OR a.value > c.highest END
"""
_REPORT = "Report it, with the version of huifang; correct nothing by hand."

ANSWER_CHECKS = (
    PromiseCheck(
        "An interview's survey is stored in the version that was asked",
        "interviews",
        """
        SELECT n.id FROM interviews n LEFT JOIN surveys s ON s.id = n.survey AND s.number = n.survey_number
        WHERE s.id IS NULL
        """,
        "Start a version of huifang with this survey's file once.",
    ),
    PromiseCheck(
        "An answer is one to a question of its survey, on its scale",
        "answer_logs",
        _OFF_THE_SCALE,
        _REPORT,
    ),
    PromiseCheck(
        "The history of an interview's answers is whole",
        "interviews",
        """
        SELECT n.id FROM interviews n
        LEFT JOIN (
            SELECT response, count(*) AS lines, max(number) - min(number) + 1 AS span FROM answer_logs GROUP BY response
        ) a ON a.response = n.id
        WHERE n.logged <> coalesce(a.lines, 0) OR a.lines <> a.span
        """,
        _REPORT,
    ),
    PromiseCheck(
        "An interview's rating is the last one in its history",
        "interviews",
        """
        SELECT DISTINCT n.id FROM interviews n, EACH_OBJECT(n.answers) AS e
        WHERE n.answers <> '[]' AND n.logged > 0 AND CAST(e.value ->> 1 AS INTEGER) <> (
            SELECT a.value FROM answer_logs a
            WHERE a.response = n.id AND a.question = e.value ->> 0 AND a.value IS NOT NULL
            ORDER BY a.number DESC LIMIT 1)
        """,
        _REPORT,
    ),
    PromiseCheck(
        "An interview has the ratings of its history",
        "interviews",
        """
        SELECT n.id FROM interviews n
        WHERE n.answers = '[]' AND n.logged > 0
            AND EXISTS (
                SELECT 1 FROM answer_logs a WHERE a.response = n.id AND a.value IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM answer_logs b WHERE b.response = a.response AND b.question = a.question
                        AND b.number > a.number AND b.value IS NULL))
        """,
        _REPORT,
    ),
    PromiseCheck(
        "A rating that is counted is the one that was given",
        "interviews",
        """
        SELECT DISTINCT n.id FROM interviews n
        JOIN surveys s ON s.id = n.survey AND s.number = n.survey_number, EACH_OBJECT(n.answers) AS e
        WHERE n.answers <> '[]'
            AND coalesce(CAST(PARSED(s.body) ->> 'anonymous' AS TEXT), '') NOT IN ('1', 'true')
            AND NOT EXISTS (
                SELECT 1 FROM ratings r JOIN rated_items q ON q.id = r.rated_item
                WHERE r.response = n.id
                    AND q.item = e.value ->> 0 AND r.value = CAST(e.value ->> 1 AS INTEGER)
                    AND r.importance = coalesce(CAST(e.value ->> 3 AS INTEGER), 0)
                    AND coalesce(r.standing, '') <> 'undone')
        """,
        _REPORT,
    ),
    PromiseCheck(
        "A rating that was taken back is not counted",
        "ratings",
        """
        SELECT r.response || '/' || coalesce(q.item, CAST(r.rated_item AS TEXT)) FROM ratings r
        LEFT JOIN rated_items q ON q.id = r.rated_item LEFT JOIN interviews n ON n.id = r.response
        WHERE coalesce(r.standing, '') <> 'undone' AND coalesce(n.answers, '') <> '[]'
            AND (n.id IS NULL OR q.id IS NULL OR NOT EXISTS (
                SELECT 1 FROM EACH_OBJECT(n.answers) AS e WHERE e.value ->> 0 = q.item))
        """,
        _REPORT,
    ),
    PromiseCheck(
        "What people exclude was decided by two of them, and an appeal by a third",
        "exclusions",
        """
        SELECT id FROM exclusions
        WHERE (state IN ('excluded', 'appealed', 'upheld', 'restored') AND decided_by IN ('', proposed_by))
            OR (state IN ('upheld', 'restored') AND reviewed_by IN ('', proposed_by, decided_by, appealed_by))
        """,
        _REPORT,
    ),
    PromiseCheck(
        "A response counts as it was decided",
        "interviews",
        """
        SELECT n.id FROM interviews n
        LEFT JOIN exclusions x ON x.response = n.id AND x.state IN ('excluded', 'appealed', 'upheld')
        WHERE coalesce(n.exclusion, '') <> coalesce(x.reason, '')
        """,
        _REPORT,
    ),
    PromiseCheck(
        "Nothing joins an anonymous answer to a customer",
        "interviews",
        """
        SELECT n.id FROM interviews n JOIN surveys s ON s.id = n.survey AND s.number = n.survey_number
        WHERE CAST(PARSED(s.body) ->> 'anonymous' AS TEXT) IN ('1', 'true') AND n.state IN ('completed', 'expired')
            AND (n.answers <> '[]' OR n.comment IS NOT NULL OR n.said <> '[]'
                OR EXISTS (SELECT 1 FROM answer_logs a WHERE a.response = n.id)
                OR EXISTS (SELECT 1 FROM ratings r WHERE r.response = n.id))
        """,
        "Erase this interview's answers, and report it.",
    ),
)
