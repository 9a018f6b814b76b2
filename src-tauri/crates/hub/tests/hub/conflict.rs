//! Two desks change one thing without knowing of each other.

use domain::record::{KINDS, MergeClass, Record, merge_class};
use domain::settle::{CONFLICT, DECIDE, conflict_id};
use serde_json::json;
use uuid::Uuid;

use crate::desk::Desk;
use crate::server;

/// Every kind with each of its declared fields and one that is not declared, of one class.
fn fields(class: MergeClass) -> Vec<(&'static str, &'static str)> {
    let of = |kind: &'static domain::record::RecordKind| {
        kind.fields
            .iter()
            .map(|(field, _)| *field)
            .chain(["answers.story"])
            .map(move |field| (kind.name, field))
    };
    KINDS
        .iter()
        .filter(|kind| kind.name != CONFLICT)
        .flat_map(of)
        .chain([("kind-of-2030", "x"), ("claim", "status"), ("claim", "amount"), ("party", "id_no")])
        .filter(|(kind, field)| merge_class(kind, field) == class)
        .collect()
}

fn value<'a>(record: &'a Record, field: &str) -> &'a serde_json::Value {
    record.get(field).unwrap()
}

#[tokio::test]
async fn every_legal_field_keeps_the_first_and_opens_a_conflict() {
    let server = server::start().await;
    let mut one = Desk::enrolled(&server, "SH01").await;
    let mut two = Desk::enrolled(&server, "SH01").await;
    let legal = fields(MergeClass::Legal);
    assert!(legal.len() >= 15, "{legal:?}");
    let mut pairs = Vec::new();
    for first_value in [false, true] {
        for (kind, field) in &legal {
            let id = Uuid::now_v7();
            let mut base = None;
            if !first_value {
                let made = one.make("x.make", vec![Desk::change((kind, id, field), None, json!("before"))]);
                base = Some(made.id);
                one.push(&[made]).await;
            }
            let mine = one.make("x.edit", vec![Desk::change((kind, id, field), base, json!("mine"))]);
            let theirs = two.make("x.edit", vec![Desk::change((kind, id, field), base, json!("theirs"))]);
            one.push(&[mine]).await;
            two.push(std::slice::from_ref(&theirs)).await;
            pairs.push((*kind, *field, id, theirs));
        }
    }
    let records = one.records().await;
    assert_eq!(records, two.records().await);
    for (kind, field, id, lost) in &pairs {
        let kept = &records[&((*kind).to_owned(), *id)];
        assert_eq!(value(kept, field), "mine", "{kind}.{field}");
        let conflict = &records[&(CONFLICT.to_owned(), conflict_id(kind, *id))];
        assert_eq!(conflict.text("status"), "open", "{kind}.{field}");
        let wanted = value(conflict, &format!("wanted.{}", lost.id));
        assert_eq!(wanted["changes"][0]["value"], "theirs", "{kind}.{field}: the other value is kept whole");
    }
    assert_eq!(hub::conflicts(&server.pool).await.unwrap().len(), pairs.len());
    // Somebody decides the first one; it is open no more.
    let (kind, field, id, _) = &pairs[0];
    let conflict = conflict_id(kind, *id);
    let open = &records[&(CONFLICT.to_owned(), conflict)];
    let current = records[&((*kind).to_owned(), *id)].fields[*field].revision;
    let decision = one.make(
        DECIDE,
        vec![
            Desk::change((kind, *id, field), Some(current), json!("theirs")),
            Desk::change(
                (CONFLICT, conflict, "status"),
                Some(open.fields["status"].revision),
                json!("decided"),
            ),
        ],
    );
    one.push(&[decision]).await;
    let records = two.records().await;
    assert_eq!(value(&records[&((*kind).to_owned(), *id)], field), "theirs");
    assert_eq!(hub::conflicts(&server.pool).await.unwrap().len(), pairs.len() - 1);
    assert_eq!(hub::verify(&server.pool).await.unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_convenience_field_takes_the_later_and_keeps_the_other_beside() {
    let server = server::start().await;
    let mut one = Desk::enrolled(&server, "SH01").await;
    let mut two = Desk::enrolled(&server, "SH01").await;
    let mut ids = Vec::new();
    for (kind, field) in fields(MergeClass::Convenience) {
        let id = Uuid::now_v7();
        let mine = one.make("x.edit", vec![Desk::change((kind, id, field), None, json!("mine"))]);
        let theirs = two.make("x.edit", vec![Desk::change((kind, id, field), None, json!("theirs"))]);
        one.push(&[mine]).await;
        two.push(&[theirs]).await;
        ids.push((kind, field, id));
    }
    let records = one.records().await;
    for (kind, field, id) in ids {
        let record = &records[&(kind.to_owned(), id)];
        assert_eq!(value(record, field), "theirs");
        assert_eq!(value(record, &format!("overridden.{field}"))["value"], "mine", "{kind}.{field}");
    }
    assert!(hub::conflicts(&server.pool).await.unwrap().is_empty());
}
