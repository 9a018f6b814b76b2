use proptest::prelude::*;

use super::*;
use crate::digest::ByteString;
use crate::operation::OPERATION_SCHEMA;
use crate::record::KINDS;
use crate::role::Role;

fn operation(id: u128, command: &str, changes: &[(&str, u128, &str, Option<u128>, Value)]) -> Operation {
    Operation {
        id: Uuid::from_u128(id),
        device: Uuid::from_u128(id % 3),
        incarnation: 1,
        seq: 1,
        prev_hash: Digest::default(),
        hash: Digest::default(),
        actor: Uuid::from_u128(9),
        role: Role::CounterClerk,
        stream: "SH01".into(),
        command: command.into(),
        changes: changes
            .iter()
            .map(|(kind, record, field, base, value)| {
                let base = base.map(Uuid::from_u128);
                Change::new(kind, Uuid::from_u128(*record), field, base, value.clone(), [0; 16]).unwrap()
            })
            .collect(),
        blob_refs: vec![],
        at: chrono::DateTime::parse_from_rfc3339("2026-11-22T09:00:00+08:00").unwrap(),
        hlc: 1,
        schema: OPERATION_SCHEMA,
        sig: ByteString::default(),
    }
}

/// Judges and settles operations in order; returns the records and each verdict.
fn run(operations: &[Operation]) -> (Records, Vec<Verdict>) {
    let mut records = Records::new();
    let verdicts = operations
        .iter()
        .map(|operation| {
            let verdict = judge(&records, operation);
            settle(&mut records, operation, &verdict);
            verdict
        })
        .collect();
    (records, verdicts)
}

fn value<'a>(records: &'a Records, kind: &str, id: u128, field: &str) -> Option<&'a Value> {
    records.get(&(kind.into(), Uuid::from_u128(id))).and_then(|record| record.get(field))
}

fn conflict<'a>(records: &'a Records, kind: &str, id: u128) -> Option<&'a Record> {
    records.get(&(CONFLICT.into(), conflict_id(kind, Uuid::from_u128(id))))
}

const CLAIM: u128 = 100;

#[test]
fn every_legal_field_edited_twice_opens_a_conflict_and_nothing_is_overwritten() {
    // What happens to a conflict record itself is tested below: it is written by `settle`.
    for kind in KINDS.iter().filter(|kind| kind.name != CONFLICT) {
        let fields = [("status", kind.class)].into_iter().chain(kind.fields.iter().copied());
        for (field, class) in fields.filter(|(field, _)| merge_class(kind.name, field) == MergeClass::Legal) {
            assert_eq!(class, MergeClass::Legal);
            let (records, verdicts) = run(&[
                operation(1, "x", &[(kind.name, 7, field, None, json!("a"))]),
                operation(2, "x", &[(kind.name, 7, field, None, json!("b"))]),
            ]);
            assert_eq!(value(&records, kind.name, 7, field), Some(&json!("a")), "{}.{field}", kind.name);
            assert_eq!(verdicts[1].contested, [0], "{}.{field}", kind.name);
            assert_eq!(conflict(&records, kind.name, 7).unwrap().text("status"), "open");
        }
    }
}

/// Every kind's legal fields: those that people read names of, those that are declared, and one of a later version.
fn legal_fields() -> BTreeMap<&'static str, BTreeSet<String>> {
    let words: Value = serde_json::from_str(include_str!("../../../../../assets/record-words.json")).unwrap();
    let named = words["fields"].as_object().unwrap().keys().filter_map(|name| name.split_once('.'));
    let declared = KINDS.iter().flat_map(|kind| kind.fields.iter().map(|(field, _)| (kind.name, *field)));
    let later = KINDS.iter().map(|kind| (kind.name, "of_a_later_version"));
    let mut fields: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (kind, field) in named.chain(declared).chain(later) {
        let kind = KINDS.iter().find(|known| known.name == kind).unwrap().name;
        if kind != CONFLICT && merge_class(kind, field) == MergeClass::Legal {
            fields.entry(kind).or_default().insert(field.to_owned());
        }
    }
    fields
}

/// Two desks that know the same record: one changes `first`, the other `second`.
fn meet(kind: &str, known: &[&str], first: &[&str], second: &[&str]) -> (Records, Vec<Verdict>) {
    let changes = |id: u128, base: Option<u128>, fields: &[&str]| {
        let made = |field: &&str| json!(format!("{field} of {id}"));
        let changes: Vec<_> = fields.iter().map(|field| (kind, 7, *field, base, made(field))).collect();
        operation(id, "x", &changes)
    };
    run(&[changes(1, None, known), changes(2, Some(1), first), changes(3, Some(1), second)])
}

#[test]
fn every_pair_of_legal_fields_edited_on_two_desks_is_a_conflict_or_touches_nothing_of_the_other() {
    let (mut conflicts, mut apart) = (0, 0);
    for (kind, fields) in legal_fields() {
        for (f, g) in fields.iter().flat_map(|f| fields.iter().map(move |g| (f.as_str(), g.as_str()))) {
            let known: &[&str] = if f == g { &[f] } else { &[f, g] };
            // The second desk's operation overlaps the first one's in at least one field.
            for (first, second) in [(&[f][..], &[f][..]), (&[f], known), (known, &[f]), (known, known)] {
                let (records, verdicts) = meet(kind, known, first, second);
                let said = format!("{kind}: {first:?} against {second:?}");
                assert!(verdicts[1].clean(), "{said}: the first one stands");
                assert_eq!(verdicts[2].contested.len(), second.len(), "{said}: the other waits whole");
                for field in known {
                    let by = if first.contains(field) { 2 } else { 1 };
                    let stands = json!(format!("{field} of {by}"));
                    assert_eq!(value(&records, kind, 7, field), Some(&stands), "{said}");
                }
                let conflict = conflict(&records, kind, 7).expect(&said);
                assert_eq!(conflict.text("status"), "open", "{said}");
                let kept: Vec<_> =
                    wanted(conflict).into_iter().flat_map(|(_, wanted)| wanted.changes).collect();
                let lost: BTreeMap<String, Value> =
                    kept.into_iter().map(|change| (change.field, change.value)).collect();
                let given: BTreeMap<String, Value> = second
                    .iter()
                    .map(|field| ((*field).to_owned(), json!(format!("{field} of 3"))))
                    .collect();
                assert_eq!(lost, given, "{said}: what the other wanted is kept");
                conflicts += 1;
            }
            if f != g {
                let (records, verdicts) = meet(kind, known, &[f], &[g]);
                assert!(verdicts.iter().all(Verdict::clean), "{kind}: {f} and {g}");
                assert_eq!(value(&records, kind, 7, f), Some(&json!(format!("{f} of 2"))));
                assert_eq!(value(&records, kind, 7, g), Some(&json!(format!("{g} of 3"))));
                apart += 1;
            }
        }
    }
    assert!(conflicts > 500 && apart > 100, "{conflicts} and {apart}: the fields are all there");
}

#[test]
fn the_same_value_twice_is_no_conflict() {
    let (records, verdicts) = run(&[
        operation(1, "x", &[("claim", CLAIM, "cause", None, json!("rain"))]),
        operation(2, "x", &[("claim", CLAIM, "cause", None, json!("rain"))]),
    ]);
    assert!(verdicts[1].clean());
    assert!(conflict(&records, "claim", CLAIM).is_none());
}

#[test]
fn convenience_takes_the_later_and_keeps_the_loser() {
    let (records, verdicts) = run(&[
        operation(1, "x", &[("party", 5, "mobile", None, json!("13800000001"))]),
        operation(2, "x", &[("party", 5, "mobile", None, json!("13800000002"))]),
    ]);
    assert_eq!(verdicts[1].overrode, [0]);
    assert_eq!(value(&records, "party", 5, "mobile"), Some(&json!("13800000002")));
    let lost = value(&records, "party", 5, "overridden.mobile").unwrap();
    assert_eq!(lost.get("value"), Some(&json!("13800000001")));
}

#[test]
fn a_convenience_field_of_a_contested_record_keeps_the_loser_too() {
    let (records, verdicts) = run(&[
        operation(1, "x", &[("claim", CLAIM, "assignee", None, json!("li"))]),
        operation(2, "x", &[("claim", CLAIM, "amount", None, json!("100.00"))]),
        operation(3, "x", &[("claim", CLAIM, "amount", None, json!("90.00"))]),
        operation(4, "x", &[("claim", CLAIM, "assignee", None, json!("wang"))]),
    ]);
    assert!(conflict(&records, "claim", CLAIM).is_some());
    assert_eq!(verdicts[3].overrode, [0]);
    let lost = value(&records, "claim", CLAIM, "overridden.assignee").unwrap();
    assert_eq!(lost.get("value"), Some(&json!("li")));
}

#[test]
fn a_decision_made_without_having_seen_all_counts_nowhere() {
    let id = conflict_id("claim", Uuid::from_u128(CLAIM)).as_u128();
    let (records, verdicts) = run(&[
        operation(1, "x", &[("claim", CLAIM, "amount", None, json!("100.00"))]),
        operation(2, "x", &[("claim", CLAIM, "amount", None, json!("90.00"))]),
        operation(3, "x", &[("claim", CLAIM, "amount", None, json!("80.00"))]),
        // Whoever decides had seen the second, not the third.
        operation(
            4,
            DECIDE,
            &[
                ("claim", CLAIM, "amount", Some(1), json!("90.00")),
                (CONFLICT, id, "status", Some(2), json!("decided")),
            ],
        ),
    ]);
    assert_eq!(verdicts[3].contested, [0, 1]);
    assert_eq!(value(&records, "claim", CLAIM, "amount"), Some(&json!("100.00")));
    let open = conflict(&records, "claim", CLAIM).unwrap();
    assert!(is_open(open));
    assert_eq!(open.under(WANTED).len(), 3, "the decision waits beside what it had not seen");
}

#[test]
fn an_operation_is_contested_whole_but_its_events_stay() {
    let (records, verdicts) = run(&[
        operation(1, "x", &[("claim", CLAIM, "amount", None, json!("100.00"))]),
        operation(
            2,
            "x",
            &[
                ("claim", CLAIM, "amount", None, json!("90.00")),
                ("claim", CLAIM, "assessor", None, json!("li")),
                ("event", 8, "claim", None, json!(Uuid::from_u128(CLAIM))),
            ],
        ),
    ]);
    assert_eq!(verdicts[1].contested, [0, 1], "the assessor belongs to the amount that did not count");
    assert_eq!(value(&records, "claim", CLAIM, "assessor"), None);
    assert!(value(&records, "event", 8, "claim").is_some(), "what happened is never lost");
}

#[test]
fn later_work_on_a_contested_record_joins_and_a_decision_ends_it() {
    let kept = || operation(1, "x", &[("claim", CLAIM, "amount", None, json!("100.00"))]);
    let lost = || operation(2, "x", &[("claim", CLAIM, "amount", None, json!("90.00"))]);
    let built_on_it = || operation(3, "x", &[("claim", CLAIM, "amount", Some(2), json!("95.00"))]);
    let by_the_winner = || operation(4, "x", &[("claim", CLAIM, "paid", None, json!(true))]);
    let (records, verdicts) = run(&[kept(), lost(), built_on_it(), by_the_winner()]);
    assert_eq!(verdicts[2].contested, [0]);
    assert_eq!(verdicts[3].contested, [0], "paying waits until someone has decided");
    let open = conflict(&records, "claim", CLAIM).unwrap();
    assert_eq!(open.under(WANTED).len(), 3, "one conflict record holds them all");

    let id = conflict_id("claim", Uuid::from_u128(CLAIM)).as_u128();
    let decide = operation(
        5,
        DECIDE,
        &[
            (CONFLICT, id, "status", Some(4), json!("decided")),
            ("claim", CLAIM, "amount", Some(1), json!("95.00")),
        ],
    );
    let pay = operation(6, "x", &[("claim", CLAIM, "paid", None, json!(true))]);
    let (records, verdicts) = run(&[kept(), lost(), built_on_it(), by_the_winner(), decide, pay]);
    assert!(verdicts[4].clean() && verdicts[5].clean(), "{verdicts:?}");
    assert_eq!(value(&records, "claim", CLAIM, "amount"), Some(&json!("95.00")));
    assert_eq!(value(&records, "claim", CLAIM, "paid"), Some(&json!(true)));
}

#[test]
fn the_second_of_two_decisions_is_kept_beside_the_first() {
    let id = conflict_id("claim", Uuid::from_u128(CLAIM)).as_u128();
    let decide = |number, amount: &str| {
        operation(
            number,
            DECIDE,
            &[
                (CONFLICT, id, "status", Some(2), json!("decided")),
                (CONFLICT, id, "choice", None, json!(amount)),
                ("claim", CLAIM, "amount", Some(1), json!(amount)),
            ],
        )
    };
    let (records, verdicts) = run(&[
        operation(1, "x", &[("claim", CLAIM, "amount", None, json!("100.00"))]),
        operation(2, "x", &[("claim", CLAIM, "amount", None, json!("90.00"))]),
        decide(3, "90.00"),
        decide(4, "80.00"),
    ]);
    assert_eq!(verdicts[3].contested, [0, 1, 2], "what was decided first stands, whole");
    assert_eq!(value(&records, "claim", CLAIM, "amount"), Some(&json!("90.00")));
    let decided = conflict(&records, "claim", CLAIM).unwrap();
    assert_eq!((decided.text("choice"), decided.text("status")), ("90.00", "decided"));
    assert_eq!(decided.under(WANTED).len(), 2, "and the second decision can be read beside it");
}

#[test]
fn a_step_from_a_status_it_does_not_start_from_is_contested() {
    let (records, verdicts) = run(&[
        operation(1, "claim.register", &[("claim", CLAIM, "status", None, json!("registered"))]),
        operation(2, "claim.pay", &[("claim", CLAIM, "status", Some(1), json!("paid"))]),
    ]);
    assert_eq!(verdicts[1].contested, [0]);
    assert_eq!(value(&records, "claim", CLAIM, "status"), Some(&json!("registered")));
}

#[test]
fn an_edit_of_what_was_voided_meanwhile_is_contested() {
    let (_, verdicts) = run(&[
        operation(1, "x", &[("document", 6, "received", None, json!("copy"))]),
        operation(2, "x", &[("document", 6, "void_reason", None, json!("wrong claim"))]),
        operation(3, "x", &[("document", 6, "received", Some(1), json!("original"))]),
    ]);
    assert_eq!(verdicts[2].contested, [0]);
}

fn any_operations() -> impl Strategy<Value = Vec<Operation>> {
    let kinds = prop_oneof![Just("claim"), Just("party"), Just("event")];
    let change = (kinds, 0..3u128, prop_oneof![Just("name"), Just("mobile")], 0..8u128, 0..4i32);
    proptest::collection::vec(proptest::collection::vec(change, 1..4), 1..12).prop_map(|operations| {
        operations
            .into_iter()
            .enumerate()
            .map(|(index, changes)| {
                let changes: Vec<_> = changes
                    .into_iter()
                    .map(|(kind, id, field, base, value)| {
                        (kind, id, field, (base > 0).then_some(base), json!(value))
                    })
                    .collect();
                operation(index as u128 + 1, "x", &changes)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing(operations in any_operations()) {
        let (mut records, verdicts) = run(&operations);
        let last = operations.last().unwrap();
        let before = records.clone();
        settle(&mut records, last, verdicts.last().unwrap());
        prop_assert_eq!(before, records);
    }

    #[test]
    fn a_legal_value_moves_only_by_one_who_saw_it(operations in any_operations()) {
        let mut records = Records::new();
        for operation in &operations {
            let before = records.clone();
            let verdict = judge(&records, operation);
            settle(&mut records, operation, &verdict);
            for change in operation.changes.iter().filter(|change| merge_class(&change.kind, &change.field) == MergeClass::Legal) {
                let field = |records: &Records| {
                    records.get(&(change.kind.clone(), change.id)).and_then(|record| record.fields.get(&change.field)).cloned()
                };
                let twice = operation.changes.iter().filter(|other| (&other.kind, other.id, &other.field) == (&change.kind, change.id, &change.field)).count() > 1;
                if let Some(old) = field(&before) && !twice && field(&records).map(|new| new.value) != Some(old.value) {
                    prop_assert_eq!(change.base, Some(old.revision));
                }
            }
        }
    }

    #[test]
    fn the_digest_follows_and_does_not_know_the_order(operations in any_operations()) {
        let mut records = Records::new();
        let mut digest = StateDigest::default();
        for operation in &operations {
            let before = records.clone();
            let verdict = judge(&records, operation);
            settle(&mut records, operation, &verdict);
            digest.follow(&before, &records).unwrap();
        }
        let mut whole = StateDigest::default();
        for ((kind, id), record) in records.iter().rev().filter(|(_, record)| !record.fields.is_empty()) {
            whole.add(kind, *id, record).unwrap();
        }
        prop_assert_eq!(whole, digest);
        for ((kind, id), record) in records.iter().filter(|(_, record)| !record.fields.is_empty()) {
            whole.remove(kind, *id, record).unwrap();
        }
        prop_assert_eq!(whole, StateDigest::default());
    }
}
