//! What an account lets others know of it (`urn:magpie:privacy:0`, docs/extensions.md).

/// What an account lets others know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// Whether contacts learn since when it is gone (XEP-0012).
    pub last_seen: bool,
    /// Whether who wrote learns that it was read (XEP-0333).
    pub read_receipts: bool,
    /// Whether people here find it by name (XEP-0055).
    pub searchable: bool,
}

/// Where it lies in the key-value store.
pub const PRIVACY_KEY: (&str, &str) = ("magpie", "privacy");

impl Default for Privacy {
    fn default() -> Privacy {
        Privacy {
            last_seen: true,
            read_receipts: true,
            searchable: false,
        }
    }
}

impl Privacy {
    /// As it is kept: a byte for each switch.
    pub fn encode(self) -> Vec<u8> {
        [self.last_seen, self.read_receipts, self.searchable]
            .map(|on| if on { b'1' } else { b'0' })
            .to_vec()
    }

    /// What was kept; `None` if it is nothing of ours.
    pub fn decode(bytes: &[u8]) -> Option<Privacy> {
        let &[last_seen, read_receipts, searchable] = bytes else {
            return None;
        };
        Some(Privacy {
            last_seen: last_seen == b'1',
            read_receipts: read_receipts == b'1',
            searchable: searchable == b'1',
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for bits in 0..8 {
            let privacy = Privacy {
                last_seen: bits & 1 != 0,
                read_receipts: bits & 2 != 0,
                searchable: bits & 4 != 0,
            };
            assert_eq!(Privacy::decode(&privacy.encode()), Some(privacy));
        }
        assert_eq!(Privacy::decode(b"1"), None);
    }
}
