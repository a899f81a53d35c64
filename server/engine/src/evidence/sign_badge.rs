use audit::PinnedKey;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::json;

use super::key_chain::{chain_of, handover_entries};
use crate::{
    engine::Engine,
    ground::Sha256Digest,
    log::{find_head, find_origins},
    store::{StoreError, Unsealed},
};

/// A key with which badges were signed, or are: one of the keys of the signed log, as JSON Web Keys have it (RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadgeKey {
    /// The curve.
    pub crv: &'static str,
    /// The kind of key.
    pub kty: &'static str,
    /// The public key.
    pub x: String,
    /// What it is known by: the digest of the three fields above (RFC 7638).
    #[serde(skip)]
    pub thumbprint: String,
}

impl BadgeKey {
    fn of(key: &PinnedKey) -> Self {
        let x = BASE64_URL_SAFE_NO_PAD.encode(key.to_bytes());
        // The fields that the standard names, in its order, without blanks.
        let digest = Sha256Digest::of(format!("{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{x}\"}}").as_bytes());
        Self { crv: "Ed25519", kty: "OKP", x, thumbprint: BASE64_URL_SAFE_NO_PAD.encode(digest.0) }
    }
}

/// What stands before the claims of a badge (RFC 7515). Open Badges allow no more.
#[derive(Serialize)]
struct Header {
    alg: &'static str,
    kid: String,
    typ: &'static str,
}

impl Engine {
    /// The keys with which badges were signed since the log began, or was last gone on with from a copy; the one that signs now is the last.
    ///
    /// # Errors
    /// [`StoreError`] when there is no log, or the database fails.
    pub async fn badge_keys(&self) -> Result<Vec<BadgeKey>, StoreError> {
        let mut conn = self.store.read().await?;
        let head = find_head(&mut conn, 0).await?.ok_or(Unsealed::NoKey)?;
        let origins = find_origins(&mut conn, &head).await?;
        let handovers = handover_entries(&mut conn, &origins, head.size()).await?;
        Ok(chain_of(&head.public_key, &handovers)?.keys().map(BadgeKey::of).collect())
    }

    /// Signs what a badge claims with the key of the log, and gives it as a token (a compact JWS, RFC 7515). `address` says where the key is found that is
    /// known by a digest. Nothing is written.
    ///
    /// # Errors
    /// [`StoreError`] when this process does not have the key, or the database fails.
    pub async fn sign_badge(
        &self,
        claims: &serde_json::Value,
        address: impl FnOnce(&str) -> String,
    ) -> Result<String, StoreError> {
        let unreadable = || StoreError::unreadable("claims of a badge");
        let head = find_head(&mut self.store.read().await?, 0).await?.ok_or(Unsealed::NoKey)?;
        let key = self.log.signing_key(&head)?;
        let kid = address(&BadgeKey::of(&key.public()).thumbprint);
        let header = Header { alg: "EdDSA", kid, typ: "JWT" };
        let piece = |said: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(said.to_string());
        let signed = format!("{}.{}", piece(&json!(header)), piece(claims));
        let signature = key.sign_token(&signed).ok_or_else(unreadable)?;
        Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and its thumbprint that RFC 8037 gives in appendix A.
    #[test]
    fn a_key_is_known_by_the_digest_that_the_standard_gives() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(x).unwrap();
        let raw = [&[1_u8][..], &bytes].concat();
        let origin = "learn.example/a1";
        let key = base64::prelude::BASE64_STANDARD.encode(&raw);
        let key = PinnedKey::parse(&format!("{origin}+{:08x}+{key}", id_of(origin, &raw))).unwrap();
        let known = BadgeKey::of(&key);
        assert_eq!((known.x.as_str(), known.thumbprint.as_str()), (x, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
        assert_eq!(
            serde_json::to_value(&known).unwrap(),
            json!({ "crv": "Ed25519", "kty": "OKP", "x": x }),
            "nothing more is said of it"
        );
    }

    /// As signed notes name keys: the first four bytes of the digest of name, line feed and key.
    fn id_of(origin: &str, raw: &[u8]) -> u32 {
        let digest = Sha256Digest::of(&[origin.as_bytes(), b"\n", raw].concat()).0;
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }
}
