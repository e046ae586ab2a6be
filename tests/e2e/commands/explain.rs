//! `applink explain`.

use applink::domain::Code;

use crate::support::env::Env;
use crate::support::worlds::world;

#[test]
fn every_code_is_explained() {
    let env = Env::new(world([]));
    let all = env.applink("explain -o json").expect(0).json()["codes"].clone();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), Code::ALL.len());
    for (code, told) in Code::ALL.iter().zip(all) {
        assert_eq!(told["code"], code.as_str());
        assert_eq!(told["category"], code.category().as_str());
        for list in ["causes", "fixes"] {
            assert!(!told[list].as_array().unwrap().is_empty(), "{told}");
        }
        assert!(
            told["meaning"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert!(told["status"].as_str().is_some_and(|text| !text.is_empty()));
        let alone = env.applink(&format!("explain {code} -o json")).expect(0);
        assert!(
            alone.json()["codes"].as_array().unwrap().contains(told),
            "{}",
            alone.transcript()
        );
        let text = env.applink(&format!("explain {code}")).expect(0);
        assert!(text.says(code.as_str()), "{}", text.transcript());
    }
    env.applink("explain NO_SUCH_CODE -o json").expect(2);
}

#[test]
fn explain_needs_no_state_and_no_network() {
    let mut env = Env::known();
    env.set("XDG_STATE_HOME", "/nonexistent");
    let out = env.applink("explain WEBSUDO_REQUIRED -o json").expect(0);
    let code = &out.json()["codes"][0];
    assert_eq!(code["code"], "WEBSUDO_REQUIRED");
    for field in ["category", "status", "meaning", "causes", "fixes"] {
        assert!(code.get(field).is_some(), "{field}");
    }
    assert!(out.json()["codes"].as_array().unwrap().len() == 1);
    let all = env.applink("explain -o json").expect(0).json();
    assert!(all["codes"].as_array().unwrap().len() >= 49);
    env.applink("explain BOGUS").expect(2);
}
