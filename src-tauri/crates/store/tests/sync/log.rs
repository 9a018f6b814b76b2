//! The hub's log: a desk notices when it is not the one it has followed.

use serde_json::json;
use store::Applied;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{AT, Hub, desk, enrol, pull_once, push_once, round, two_desks};
use crate::{edit, value};

#[tokio::test]
async fn a_log_that_was_rewritten_is_noticed_and_what_the_hub_signed_before_is_kept() {
    // What whoever holds the hub's key and database may do: another decision, another order, an entry left out.
    let decided: fn(&mut Hub) = |hub| hub.feed[0].0.verdict.overrode = vec![0];
    let moved: fn(&mut Hub) = |hub| {
        hub.feed.swap(0, 1);
        (hub.feed[0].0.at, hub.feed[1].0.at) = (1, 2);
    };
    let left_out: fn(&mut Hub) = |hub| {
        hub.feed.remove(1);
        (1..).zip(&mut hub.feed).for_each(|(at, (entry, _))| entry.at = at);
    };
    // What is left out is missing in the sum over the records too.
    let rewritings = [(decided, Applied::Head), (moved, Applied::Head), (left_out, Applied::Diverged)];
    for (index, (rewrite, after)) in rewritings.into_iter().enumerate() {
        let (_folders, mut hub, one, two) = two_desks().await;
        for number in 0..3 {
            one.commit(edit("event", Uuid::from_u128(number), &[("text", json!(number))])).await.unwrap();
        }
        round(&mut hub, &one).await;
        round(&mut hub, &two).await;
        let signed = two.sync_facts().await.unwrap().checkpoint.unwrap();
        let size = hub.feed.len();
        assert!(signed.contains(&format!("\n{size}\n")), "{signed}");
        rewrite(&mut hub);
        while hub.feed.len() <= size {
            let number = 10 + hub.feed.len() as u128;
            one.commit(edit("event", Uuid::from_u128(number), &[("text", json!(1))])).await.unwrap();
            while push_once(&mut hub, &one).await.is_some() {}
        }
        two.commit(edit("event", Uuid::from_u128(99), &[("text", json!("own work"))])).await.unwrap();
        assert_eq!(pull_once(&hub, &two, 10, true).await, Applied::Rewritten, "{index}");
        let kept = two.incidents().await.unwrap();
        assert_eq!((kept[0].kind.as_str(), &kept[0].detail), ("log", &signed), "{index}");
        assert_eq!(value(&two, "event", Uuid::from_u128(99), "text").await, Some(json!("own work")));
        two.restart_stream(AT).await.unwrap();
        assert_eq!(pull_once(&hub, &two, 10, true).await, after, "{index}: nothing is blocked");
    }
}

#[tokio::test]
async fn a_page_without_the_hubs_word_about_its_log_is_not_applied() {
    let folder = TempDir::new().unwrap();
    let (one, _) = desk(folder.path()).await;
    let mut hub = Hub::new();
    enrol(&mut hub, &one).await;
    one.commit(edit("event", Uuid::from_u128(1), &[("text", json!(1))])).await.unwrap();
    while push_once(&mut hub, &one).await.is_some() {}
    let request = one.pull_request(10, false).await.unwrap();
    let answer = hub.pull(one.device_id(), &request);
    let good = answer.pages[0].checkpoint.clone();
    let (size, other) = (hub.feed.len(), hub.feed.len() + 1);
    let grown = good.replacen(&format!("\n{size}\n"), &format!("\n{other}\n"), 1);
    for spoiled in [String::new(), grown, good.replace("SH01", "SH02")] {
        let page = wire::Page { checkpoint: spoiled, ..answer.pages[0].clone() };
        let refused = one.apply_page(&page, &answer.certificates, AT).await.unwrap_err();
        assert_eq!(domain::Refusal::from(refused).code, domain::Code::SyncPageBroken);
    }
    assert_eq!(one.apply_page(&answer.pages[0], &answer.certificates, AT).await.unwrap(), Applied::Head);
}
