"""Silence (rules.md): a finding is not in the receipt when another finding removes its premise."""

YOUTHS = {"1002", "1003", "1004", "1005", "1006"}
FIVES = {f"500{n}" for n in range(1, 9)}
SEVENS = {f"70{n:02}" for n in range(1, 17)}
COURSE = {"3005", "3006", "4010", *FIVES}
OF_THE_YOUTH = {*COURSE, "6002", "6003", "6004", "7002", "7003", "7005", "7006", "7007", "7009", "7010", "7011"}
OF_THE_YOUTH |= {"7012", "7013"}

SILENCES = (
    ({"2001"}, {*YOUTHS, "2002", "2003", *COURSE, "6002", "6003", "6004", *SEVENS}),
    ({"1001"}, {*YOUTHS, *OF_THE_YOUTH, "7001"}),
    ({"7001"}, {*YOUTHS, *OF_THE_YOUTH}),
    ({"1002"}, {*YOUTHS - {"1002"}, *OF_THE_YOUTH}),
    ({"1003"}, {"1004"}),
    ({"4001", "4002", "4007", "4008", "4013", "4014", "4015", "4016", "4018"}, COURSE),
    ({"5004"}, {"5003"}),
    ({"6001", "6002", "6005"}, {"6003", "6004"}),
    ({"7006"}, {"7005", "7007", "7010"}),
)
"""In this order: a silenced finding silences nothing."""


def unsilenced(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the findings that no other finding silences."""
    for who, whom in SILENCES:
        if who & found.keys():
            found = {code: numbers for code, numbers in found.items() if code not in whom}
    return found
