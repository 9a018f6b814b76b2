//! Which document is printed, and for whom.

use domain::claim::Status;
use domain::claim::labels;
use domain::{Code, Refusal, Text};
use report::layout::template::Piece;
use report::{CopyFor, Kind, Layout};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::claim::file::Loaded;
use crate::complaint::file::LoadedComplaint;
use crate::error::DeskError;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident => $text:literal,)*) => {
        /// A document printed of a claim or a complaint.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
        #[serde(rename_all = "snake_case")]
        pub enum PrintKind {
            $($(#[$doc])* $variant,)*
        }

        impl PrintKind {
            /// Every kind, in the order a claim needs them.
            pub const ALL: &'static [PrintKind] = &[$(PrintKind::$variant,)*];

            /// The kind as the command line, records and file names write it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(PrintKind::$variant => $text,)*
                }
            }

            pub(super) const fn layout(self) -> Kind {
                match self {
                    $(PrintKind::$variant => Kind::$variant,)*
                }
            }
        }
    };
}

kinds! {
    /// 理赔申请书
    Application => "application",
    /// 材料清单与受理回执
    Receipt => "receipt",
    /// 补充材料通知书
    Supplement => "supplement",
    /// 进度告知单
    Progress => "progress",
    /// 理赔标准告知单
    Standard => "standard",
    /// 赔款计算书
    Worksheet => "worksheet",
    /// 理赔决定通知书
    Decision => "decision",
    /// 拒赔通知书
    Refusal => "refusal",
    /// 投诉登记表
    ComplaintRecord => "complaint_record",
    /// 受理告知书
    ComplaintAccepted => "complaint_accepted",
    /// 补充告知书
    ComplaintMore => "complaint_more",
    /// 延期告知书
    ComplaintExtension => "complaint_extension",
    /// 处理决定告知书
    ComplaintDecision => "complaint_decision",
}

impl PrintKind {
    /// Reads what [`PrintKind::as_str`] wrote.
    ///
    /// # Errors
    /// [`Code::PrintKindUnknown`] with the kinds there are.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
            Refusal::new(Code::PrintKindUnknown).with("kind", text).with("known", known.join(", "))
        })
    }

    /// Whether it is a complaint's, not a claim's.
    pub fn of_complaint(self) -> bool {
        matches!(
            self,
            PrintKind::ComplaintRecord
                | PrintKind::ComplaintAccepted
                | PrintKind::ComplaintMore
                | PrintKind::ComplaintExtension
                | PrintKind::ComplaintDecision
        )
    }

    /// As [`PrintKind::check`], of a complaint.
    pub(super) fn check_complaint(self, loaded: &LoadedComplaint) -> Result<(), DeskError> {
        let did = |command: &str| loaded.last(command).is_some();
        let there = match self {
            PrintKind::ComplaintRecord => true,
            PrintKind::ComplaintAccepted => did("accept"),
            PrintKind::ComplaintMore => did("ask_more"),
            PrintKind::ComplaintExtension => did("extend_complex") || did("extend_special"),
            // One that was returned says no longer what holds.
            PrintKind::ComplaintDecision => {
                did("decide") && loaded.status >= domain::complaint::Status::Decided && loaded.decided_holds()
            }
            _ => false,
        };
        if there {
            return Ok(());
        }
        let status = domain::complaint::labels::status(loaded.status);
        let refusal = Refusal::new(Code::PrintNotYet).with_text("status", &status);
        Err(refusal.with_text("kind", &self.title()).into())
    }

    /// Refuses a document that would have nothing to say yet, or no longer says what holds.
    pub(super) fn check(self, loaded: &Loaded) -> Result<(), DeskError> {
        use Status::{Agreed, Assessed, Decided, Notified, Paid, Refused, Withdrawn};
        let there = match self {
            PrintKind::Application | PrintKind::Receipt | PrintKind::Progress | PrintKind::Standard => true,
            PrintKind::Supplement => {
                loaded.last_event("ask_supplement").is_some()
                    || loaded.checklist()?.iter().any(|row| row.lacking())
            }
            // A claim given back to the assessor keeps its inputs, but nothing was worked out from them yet.
            PrintKind::Worksheet => {
                loaded.worksheet().is_some()
                    && matches!(
                        loaded.status,
                        Assessed | Decided | Notified | Agreed | Paid | Refused | Withdrawn
                    )
            }
            PrintKind::Decision => {
                loaded.claim.optional("decided_amount").is_some()
                    && matches!(loaded.status, Decided | Notified | Agreed | Paid)
            }
            PrintKind::Refusal => loaded.status == Refused,
            PrintKind::ComplaintRecord
            | PrintKind::ComplaintAccepted
            | PrintKind::ComplaintMore
            | PrintKind::ComplaintExtension
            | PrintKind::ComplaintDecision => false,
        };
        if there {
            return Ok(());
        }
        Err(Refusal::new(Code::PrintNotYet)
            .with_text("status", &labels::status(loaded.status))
            .with_text("kind", &self.title())
            .into())
    }

    /// The document's name, from its layout.
    fn title(self) -> Text {
        let Ok(layout) = Layout::shipped(self.layout()) else { return Text::default() };
        let words = |language| {
            let pieces = layout.title.pieces(language).iter();
            let literal = |piece: &Piece| match piece {
                Piece::Literal(words) => Some(words.clone()),
                Piece::Number | Piece::Slot(..) => None,
            };
            pieces.filter_map(literal).collect::<String>()
        };
        Text {
            zh_cn: words(domain::Language::ZhCn),
            zh_tw: words(domain::Language::ZhTw),
            en: words(domain::Language::En),
        }
    }
}

/// Whom a copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename = "Copy", rename_all = "snake_case")]
pub enum PrintCopy {
    /// 客户联: handed to the customer.
    Customer,
    /// 内部联: kept in the file.
    Internal,
}

impl PrintCopy {
    /// The copy as the command line and records write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            PrintCopy::Customer => "customer",
            PrintCopy::Internal => "internal",
        }
    }

    /// Reads what [`PrintCopy::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [PrintCopy::Customer, PrintCopy::Internal].into_iter().find(|copy| copy.as_str() == text)
    }

    pub(super) const fn layout(self) -> CopyFor {
        match self {
            PrintCopy::Customer => CopyFor::Customer,
            PrintCopy::Internal => CopyFor::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for kind in PrintKind::ALL {
            assert_eq!(PrintKind::parse(kind.as_str()), Ok(*kind));
            assert_eq!(kind.layout().as_str(), kind.as_str(), "the layout has the same name");
            assert!(!kind.title().zh_cn.is_empty(), "{kind:?} has a title for refusals");
        }
        let refusal = PrintKind::parse("poster").unwrap_err();
        assert_eq!(refusal.code, Code::PrintKindUnknown);
        assert!(refusal.message().en.contains("receipt"), "the refusal names the kinds there are");
        for copy in [PrintCopy::Customer, PrintCopy::Internal] {
            assert_eq!(PrintCopy::parse(copy.as_str()), Some(copy));
        }
    }
}
