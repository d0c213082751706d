from udb.sandbox.demo import BEGINS, FINISHES, LEAVES, year


def test_the_year_is_told_by_a_real_service_with_a_register_of_its_own():
    steps = list(year())
    receipts = [step.value("Resultat") for step in steps if step.operation == "IndberetningUngdomsuddannelse"]
    assert receipts == ["Afvist", "Accepteret", "Accepteret", "Accepteret", "Accepteret", "Accepteret", "Accepteret"]
    wrong_code, _, first_fetch, left, second_fetch, mistake, cancelled, *_, whole_year = steps
    assert wrong_code.value("FejlKode") == "4001"
    assert (mistake.value("FejlKode"), mistake.value("Alvor")) == ("5003", "Bloed")
    assert cancelled.value("ForloebId") == mistake.value("ForloebId")
    assert [text for _, name, text in first_fetch.answer if name == "HaendelseDato"] == [
        f"{BEGINS.isoformat()}T00:00:00.000+02:00"
    ]
    assert second_fetch.value("HaendelseNummer") == left.value("HaendelseNummer")
    assert second_fetch.value("DatoOptag") == f"{BEGINS.isoformat()}T00:00:00.000+02:00"
    assert whole_year.value("AfsluttetUddannelsesNiveau") == "Ungdomsuddannelse"
    days = [text[:10] for _, name, text in whole_year.answer if name == "HaendelseDato"]
    assert days[0] == BEGINS.isoformat()
    assert days[1] == LEAVES.isoformat()
    assert days[-1] == FINISHES.isoformat()
    assert mistake.value("HaendelseNummer") not in [text for _, _, text in whole_year.answer]
