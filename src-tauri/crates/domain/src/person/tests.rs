//! Ages and consents.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn ages() {
    for (birth, on, expect) in [
        ("2012-03-08", "2026-03-08", Some(14)),
        ("2012-03-09", "2026-03-08", Some(13)),
        ("2026-03-08", "2026-03-08", Some(0)),
        ("2026-03-09", "2026-03-08", None),
        ("2027-01-01", "2026-03-08", None),
        ("2012-02-29", "2026-02-27", Some(13)),
        ("2012-02-29", "2026-02-28", Some(14)),
        ("2012-02-29", "2024-02-28", Some(11)),
        ("2012-02-29", "2024-02-29", Some(12)),
        ("1926-12-31", "2026-03-08", Some(99)),
    ] {
        assert_eq!(age_at(day(birth), day(on)), expect, "{birth} on {on}");
    }
}

#[test]
fn a_child_needs_a_guardians_consent() {
    let today = day("2026-03-08");
    let check = |birth, consented| check_guardian_consent(day(birth), today, consented).map_err(|r| r.code);
    assert_eq!(check("2013-08-15", false), Err(Code::PartyGuardianConsentMissing));
    assert_eq!(check("2013-08-15", true), Ok(()));
    assert_eq!(check("2012-03-08", false), Ok(()), "fourteen today");
    assert_eq!(check("2012-03-09", false), Err(Code::PartyGuardianConsentMissing), "fourteen tomorrow");
}

#[test]
fn dates_are_real_and_written_in_full() {
    assert_eq!(parse_date(" ２０２６－０３－０８ "), Ok(day("2026-03-08")));
    for wrong in ["2026-02-30", "2026-3-8", "2026/03/08", "20260308", "", "昨天", "+2026-3-08", "2026-13-01"]
    {
        assert_eq!(parse_date(wrong).map_err(|r| r.code), Err(Code::PartyDate), "{wrong}");
    }
}
