-- Profanity asks the server, not the account, whether there is an archive; Prosody tells only the account.
module:add_feature("urn:xmpp:mam:2");
