//! The plan that cuts a clone off from production, by changes on the clone alone.

use super::relocate::relocation_steps;
use super::{RelocationMethod, Step};
use crate::domain::{Alias, BaseUrl, Directions, Flags, Record};

/// A record on a copy that leads to production, or lets it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductionReference {
    /// The copy.
    pub on: Alias,
    /// The record.
    pub record: Record,
    /// What is switched on.
    pub flags: Directions<Flags>,
    /// Whether Trusted Applications or Basic go out, which no switch ends.
    pub legacy: bool,
    /// What is to become of it.
    pub remedy: DetachRemedy,
}

/// What becomes of such a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetachRemedy {
    /// It leads to the copy of the other application.
    Relocate(Box<NewAddress>),
    /// Both directions are switched off.
    DisableBoth,
    /// What comes in is switched off: the consumer of a program goes.
    DisableIncoming,
    /// Nothing: there is nothing that could be done here, or nothing is on.
    Leave,
}

/// Where a record is to lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAddress {
    /// How its address can be changed.
    pub method: RelocationMethod,
    /// Its application URL, where that changes.
    pub rpc_url: Option<BaseUrl>,
    /// Its display URL, as it shall be.
    pub display_url: String,
    /// What the other copy names as its base URL.
    pub base_url: Option<BaseUrl>,
}

/// The steps for one record.
///
/// Off ends the providers of what goes out, and the consumer of what comes in. What Trusted
/// Applications and Basic let out stays then: only without the record it ends, so that goes too,
/// after the switches, since a consumer may outlive its record.
pub fn steps(reference: &ProductionReference) -> Vec<Step> {
    let id = reference.record.id;
    let on = || reference.on.clone();
    let switch = |to: Directions<Flags>| {
        (to != reference.flags).then(|| Step::SetFlags {
            on: on(),
            id,
            from: reference.flags,
            to,
        })
    };
    match &reference.remedy {
        DetachRemedy::Leave => Vec::new(),
        DetachRemedy::Relocate(address) => relocation_steps(
            &reference.on,
            &reference.record,
            address.method,
            address.rpc_url.as_ref(),
            address.base_url.as_ref(),
            Some(&address.display_url),
        ),
        DetachRemedy::DisableIncoming => switch(Directions {
            incoming: Flags::NONE,
            ..reference.flags
        })
        .into_iter()
        .collect(),
        DetachRemedy::DisableBoth => {
            let mut steps: Vec<Step> = switch(Directions::both(Flags::NONE)).into_iter().collect();
            if reference.legacy {
                steps.push(Step::Delete {
                    on: on(),
                    id,
                    name: reference.record.name.clone(),
                });
            }
            steps
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::world::{alias, view};

    fn actions(flags: Flags, legacy: bool, remedy: DetachRemedy) -> Vec<&'static str> {
        let record = view(2, "Wiki", "confluence", "https://wiki.example", flags).record;
        let reference = ProductionReference {
            on: alias("jira"),
            record,
            flags: Directions::both(flags),
            legacy,
            remedy,
        };
        steps(&reference).iter().map(Step::action).collect()
    }

    #[test]
    fn what_ends_the_calls() {
        let cut = |flags, legacy| actions(flags, legacy, DetachRemedy::DisableBoth);
        assert_eq!(cut(Flags::OAUTH, false), ["set-level"]);
        assert_eq!(cut(Flags::OAUTH, true), ["set-level", "delete-link"]);
        assert_eq!(cut(Flags::NONE, true), ["delete-link"]);
        assert_eq!(cut(Flags::NONE, false), [""; 0]);
        assert_eq!(
            actions(Flags::OAUTH, false, DetachRemedy::DisableIncoming),
            ["set-level"]
        );
        assert_eq!(
            actions(Flags::NONE, false, DetachRemedy::DisableIncoming),
            [""; 0]
        );
        assert_eq!(actions(Flags::OAUTH, true, DetachRemedy::Leave), [""; 0]);
    }

    #[test]
    fn a_record_follows_and_never_shows_production() {
        let to = BaseUrl::parse("https://wiki.staging.example").ok();
        let remedy = |display_url: &str| {
            DetachRemedy::Relocate(Box::new(NewAddress {
                method: RelocationMethod::Checked,
                rpc_url: to.clone(),
                display_url: display_url.to_owned(),
                // The other copy still believes to be production.
                base_url: BaseUrl::parse("https://wiki.example").ok(),
            }))
        };
        let staging = "https://wiki.staging.example";
        assert_eq!(
            actions(Flags::OAUTH, false, remedy(staging)),
            ["relocate-link", "edit-link"]
        );
    }
}
