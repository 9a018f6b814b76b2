//! Pauses, extensions, ends: what they move, and which of them are refused.

use super::super::{Calendar, Clock, EventKind, Evidence, State, compute, warning_moments};
use super::{at, code, due, rule, run, run_at};
use crate::code::Code;

#[test]
fn pauses_take_out_days() {
    let check = |id: &str, list: &str, expect: &str| {
        assert_eq!(due(id, "2026-03-02", list), format!("{expect}T23:59:59+08:00"), "{id} {list}");
    };
    // 15 days end on Tuesday 17 March.
    check("K10", "", "2026-03-17");
    // 6 to 10 March are out, which leads to Sunday 22 and so to Monday 23.
    check("K10", "pause@2026-03-05 resume@2026-03-10", "2026-03-23");
    // A pause within a day takes out nothing; over midnight it takes out one.
    check("K10", "pause@2026-03-05T09:00:00+08:00 resume@2026-03-05T18:00:00+08:00", "2026-03-17");
    check("K10", "pause@2026-03-05T23:50:00+08:00 resume@2026-03-06T00:10:00+08:00", "2026-03-18");
    // Overlapping ones take a day out once: 6 to 12 March.
    check("K10", "pause@2026-03-05 resume@2026-03-10 pause@2026-03-08 resume@2026-03-12", "2026-03-24");
    check("K10", "pause@2026-03-05 pause@2026-03-08 resume@2026-03-10 resume@2026-03-12", "2026-03-24");
    // One that only begins after the limit is over moves nothing.
    check("K10", "pause@2026-03-18 resume@2026-03-25", "2026-03-17");
    // On the last day itself it takes out only later days.
    check("K10", "pause@2026-03-17 resume@2026-03-25", "2026-03-17");
    // Workdays: 5, 6 and 9 March are out.
    check("K9", "", "2026-03-11");
    check("K9", "pause@2026-03-04 resume@2026-03-09", "2026-03-16");
    // Two reasons to pause, each with its own end.
    check(
        "K9",
        "supplement-notice-reached@2026-03-04 appraisal-begun@2026-03-05 supplements-received@2026-03-06 \
         appraisal-done@2026-03-09",
        "2026-03-16",
    );
    check("K3", "supplement-notice-reached@2026-03-03 supplements-received@2026-03-05", "2026-03-11");
    // A legal hold on kept files: 1 to 10 April out of five years.
    check("K12-short", "", "2031-03-03");
    check("K12-short", "pause@2026-03-31 resume@2026-04-10", "2031-03-12");
}

#[test]
fn a_last_day_that_moved_into_a_pause_moves_on() {
    // 15 days from Friday 6 March end on Saturday 21, so on Monday 23; the pause takes out 23 to 25.
    assert_eq!(due("K10", "2026-03-06", ""), "2026-03-23T23:59:59+08:00");
    let list = "pause@2026-03-22 resume@2026-03-25";
    assert_eq!(due("K10", "2026-03-06", list), "2026-03-26T23:59:59+08:00");
    assert_eq!(due("K10", "2026-03-06", "pause@2026-03-22"), "paused");
}

#[test]
fn hour_clocks_stop_to_the_minute() {
    let check = |list: &str, expect: &str| {
        assert_eq!(due("K8", "2026-09-28T10:00:00+08:00", list), format!("2026-{expect}:00+08:00"), "{list}");
    };
    check("pause@2026-09-28T12:30:00+08:00 resume@2026-09-28T15:45:00+08:00", "09-30T13:15");
    check(
        "pause@2026-09-28T12:00:00+08:00 resume@2026-09-28T14:00:00+08:00 \
         pause@2026-09-28T13:00:00+08:00 resume@2026-09-28T15:01:00+08:00",
        "09-30T13:01",
    );
    check("pause@2026-09-30T10:00:00+08:00 resume@2026-10-05T10:00:00+08:00", "09-30T10:00");
    check("pause@2026-09-30T09:59:00+08:00 resume@2026-10-05T10:00:00+08:00", "10-05T10:01");
}

#[test]
fn extensions_add_up() {
    let check = |start: &str, list: &str, expect: &str| {
        assert_eq!(due("K10", start, list), format!("{expect}T23:59:59+08:00"), "{start} {list}");
    };
    check("2026-03-02", "extend-complex@2026-03-16", "2026-04-01");
    check("2026-03-02", "extend-complex@2026-03-16 extend-special@2026-03-30", "2026-05-06");
    // In the last second, but not after it.
    check("2026-03-02", "extend-complex@2026-03-17T23:59:59+08:00", "2026-04-01");
    // 30 days from 1 September end in the National Day; 60 days on Saturday 31 October.
    check("2026-09-01", "extend-complex@2026-09-15", "2026-10-08");
    check("2026-09-01", "extend-complex@2026-09-15 extend-special@2026-10-08", "2026-11-02");
    // A pause before makes room for it.
    check("2026-03-02", "pause@2026-03-05 resume@2026-03-10 extend-complex@2026-03-20", "2026-04-07");
    assert_eq!(run("K10", "2026-03-02", "extend-complex@2026-03-16").unwrap().limit, 30);
}

#[test]
fn new_facts_begin_it_anew() {
    let list = "extend-complex@2026-03-10 restart@2026-03-20";
    assert_eq!(
        due("K10", "2026-03-02", list),
        "2026-04-07T23:59:59+08:00",
        "15 days end on Saturday 4 April"
    );
    let list = "end@2026-03-10 new-facts-received@2026-03-20";
    assert_eq!(run("K10", "2026-03-02", list).unwrap().state, State::Breached, "it waits for an end again");
}

#[test]
fn a_corrected_time_corrects_the_clock() {
    let wrong = due("K10", "2026-03-02", "pause@2026-03-05 resume@2026-03-10");
    let right = due("K10", "2026-03-02", "pause@2026-03-05 resume@2026-03-12");
    assert_eq!((wrong.as_str(), right.as_str()), ("2026-03-23T23:59:59+08:00", "2026-03-24T23:59:59+08:00"));
}

#[test]
fn refusals() {
    let check = |id: &str, list: &str, expect: Code| {
        assert_eq!(code(run(id, "2026-03-02", list)), expect, "{id} {list}");
    };
    check("K10", "end@2026-03-01", Code::ClockEndBeforeStart);
    check("K10", "pause@2026-03-01 resume@2026-03-05", Code::ClockEventBeforeStart);
    check("K10", "resume@2026-03-05", Code::ClockResumeWithoutPause);
    check("K10", "pause@2026-03-05 resume@2026-03-04", Code::ClockResumeWithoutPause);
    check(
        "K9",
        "supplement-notice-reached@2026-03-03 appraisal-done@2026-03-05",
        Code::ClockResumeWithoutPause,
    );
    check("K10", "extend-complex@2026-03-18", Code::ClockExtensionLate);
    check("K10", "extend-special@2026-03-10", Code::ClockExtensionOrder);
    check("K10", "extend-special@2026-03-10 extend-complex@2026-03-11", Code::ClockExtensionOrder);
    check("K10", "extend-complex@2026-03-10 extend-complex@2026-03-11", Code::ClockExtensionTwice);
    check("K10", "extend-complex@2026-03-10 extend-special@2026-04-02", Code::ClockExtensionLate);
    check("K9", "extend-complex@2026-03-03", Code::ClockExtensionNotAllowed);
    check("K5", "pause@2026-03-03 resume@2026-03-04", Code::ClockPauseNotAllowed);
    check("K9", "restart@2026-03-03", Code::ClockRestartNotAllowed);
    check("K10", "explode@2026-03-03", Code::ClockEventUnknown);
    check("K10", "end@2026-03-03 pause@2026-03-04", Code::ClockAfterEnd);
    check("K10", "end@2026-03-03 extend-complex@2026-03-04", Code::ClockAfterEnd);
    assert_eq!(code(run("K12", "2195-01-01", "")), Code::ClockDateRange, "the table ends with 2199");
    let unknown = super::super::Rules::shipped().get("K99").unwrap_err();
    assert!(unknown.code == Code::ClockRuleUnknown && unknown.message().en.contains("K12-aml"), "{unknown}");
}

#[test]
fn what_comes_late_without_harm_is_no_mistake() {
    // Papers that arrive when the case is closed; a second notice of the decision; a pause without duration.
    assert_eq!(
        run("K10", "2026-03-02", "pause@2026-03-03 end@2026-03-05 resume@2026-03-09").unwrap().state,
        State::Met
    );
    assert_eq!(run("K10", "2026-03-02", "end@2026-03-05 end@2026-04-20").unwrap().state, State::Met);
    assert_eq!(due("K10", "2026-03-02", "resume@2026-03-03 pause@2026-03-03"), "2026-03-17T23:59:59+08:00");
}

#[test]
fn texts_of_time_are_strict() {
    let moment = |text: &str| super::super::moment(text).map_err(|refusal| refusal.code);
    for text in ["", "2026-09-28", "2026-09-28T10:00:00", "2026-02-30T10:00:00+08:00", "yesterday", "1e9"] {
        assert_eq!(moment(text), Err(Code::ClockTimestamp), "{text:?}");
    }
    assert_eq!(moment("0001-01-01T00:00:00+08:00"), Err(Code::ClockDateRange));
    assert_eq!(moment("2200-01-01T00:00:00+08:00"), Err(Code::ClockDateRange));
    let day = |text: &str| super::super::day(text).map_err(|refusal| refusal.code);
    for text in ["", "2026-9-28", "2026-02-29", "20260928", "28.09.2026", "+2026-09-2"] {
        assert_eq!(day(text), Err(Code::ClockDate), "{text:?}");
    }
    assert_eq!(day("1979-12-31"), Err(Code::ClockDateRange));
}

#[test]
fn states() {
    let check = |id: &str, list: &str, now: &str, expect: State| {
        assert_eq!(run_at(id, "2026-03-02", list, now).unwrap().state, expect, "{id} {list} at {now}");
    };
    // Four of 15 days are left from 14 March on.
    check("K10", "", "2026-03-13T23:59:59+08:00", State::Running);
    check("K10", "", "2026-03-14T00:00:00+08:00", State::Near);
    check("K10", "", "2026-03-17T23:59:59+08:00", State::Near);
    check("K10", "", "2026-03-18T00:00:00+08:00", State::Breached);
    check("K10", "pause@2026-03-05", "2026-03-04", State::Paused);
    check("K10", "pause@2026-03-05", "2026-09-04", State::Paused);
    check("K10", "pause@2026-03-05 resume@2026-03-10", "2026-03-06", State::Paused);
    check("K10", "pause@2026-03-05 resume@2026-03-10", "2026-03-11", State::Running);
    // A pause that comes when all days are used up does not save it.
    check("K10", "pause@2026-03-17", "2026-03-18", State::Breached);
    check("K10", "end@2026-03-17T23:59:59+08:00", "2026-09-04", State::Met);
    check("K10", "end@2026-03-18T00:00:00+08:00", "2026-09-04", State::MetLate);
    check("K10", "pause@2026-03-05 end@2026-06-01", "2026-09-04", State::Met);
    // A quarter of 48 hours.
    check("K8", "", "2026-03-03T21:59:59+08:00", State::Running);
    check("K8", "", "2026-03-03T22:00:00+08:00", State::Near);
    check("K8", "", "2026-03-04T10:00:01+08:00", State::Breached);
    check("K8", "first-contact@2026-03-04T10:00:00+08:00", "2026-09-04", State::Met);
    // A customer's time to ask runs out without anybody's fault; files are kept until the day is over.
    check("K11-request", "", "2026-09-04", State::Elapsed);
    check("K12-short", "", "2030-01-01", State::Running);
    check("K12-short", "", "2031-01-01", State::Near);
    check("K12-short", "", "2031-03-04", State::Elapsed);
    check("K12-short", "end@2031-03-03", "2031-03-04", State::Breached);
    check("K12-short", "end@2031-03-04", "2031-03-05", State::Met);
}

#[test]
fn an_open_pause_tells_the_earliest_end() {
    let state = run_at("K10", "2026-03-02", "pause@2026-03-05", "2026-03-10").unwrap();
    assert_eq!((state.due, state.near), (None, None));
    assert_eq!(state.earliest.unwrap().to_rfc3339(), "2026-03-23T23:59:59+08:00");
}

#[test]
fn warnings_come_at_a_quarter() {
    let check = |id: &str, expect: &str| {
        let clock = Clock { start: at("2026-03-02"), limit: None, events: &[] };
        let moments = warning_moments(rule(id), &clock, Calendar::shipped()).unwrap();
        let state = compute(rule(id), &clock, Calendar::shipped(), at("2026-03-02")).unwrap();
        assert_eq!(moments.iter().map(chrono::DateTime::to_rfc3339).collect::<Vec<_>>(), [expect], "{id}");
        assert_eq!(state.near.unwrap().to_rfc3339(), expect, "{id}");
    };
    check("K10", "2026-03-14T00:00:00+08:00");
    // Two of seven workdays are left from Tuesday 10 March on.
    check("K9", "2026-03-10T00:00:00+08:00");
    check("K8", "2026-03-03T22:00:00+08:00");
    check("K1", "2026-03-03T00:00:00+08:00");
}

#[test]
fn evidence_is_asked_for() {
    let k10 = rule("K10");
    let check = |event: &str, approver: Option<&str>, notice: Option<&str>, expect: Option<Code>| {
        let evidence = Evidence { approver: approver.map(str::to_owned), notice: notice.map(str::to_owned) };
        let kind = k10.event_kind(event).unwrap();
        let found = k10.check_evidence(kind, &evidence).err().map(|refusal| refusal.code);
        assert_eq!(found, expect, "{event} {evidence:?}");
    };
    check("extend-complex", Some("王经理"), Some("延期告知 7"), None);
    check("extend-complex", None, Some("延期告知 7"), Some(Code::ClockApproverMissing));
    check("extend-special", Some(" "), Some("延期告知 7"), Some(Code::ClockApproverMissing));
    check("extend-special", Some("王经理"), None, Some(Code::ClockNoticeMissing));
    check("pause", None, Some("鉴定告知"), None);
    check("pause", None, None, Some(Code::ClockNoticeMissing));
    check("resume", None, None, None);
    check("end", None, None, None);
}

#[test]
fn happenings_of_other_clocks_are_none_of_this_one() {
    let check = |id: &str, name: &str, expect: Option<EventKind>| {
        assert_eq!(rule(id).event_kind(name), expect, "{id} {name}");
    };
    check("K4", "supplements-received", Some(EventKind::Resume(0)));
    check("K9", "appraisal-begun", Some(EventKind::Pause(1)));
    check("K7", "amount-settled", Some(EventKind::End));
    check("K7", "supplements-received", None);
    check("K10", "extend-special", Some(EventKind::Extend(1)));
}
