// Provisioning files that are wrong in one way each, with the place and the words of the answer.

import Testing

struct WrongDocument: Sendable, CustomTestStringConvertible {
    let text: String
    let place: String
    let reason: String

    init(_ text: String, _ place: String, _ reason: String) {
        self.text = text
        self.place = place
        self.reason = reason
    }

    var testDescription: String { text.debugDescription }
}

let wrongDocuments: [WrongDocument] = [
    WrongDocument(
        "",
        "1:1", "the file is empty: 'workspace' is missing"),
    WrongDocument(
        "# only a comment",
        "1:1", "the file is empty: 'workspace' is missing"),
    WrongDocument(
        "[]",
        "1:1",
        "expected a provisioning file: a mapping with the keys workspace, organisation, time_zone, integrations, callback_networks, embed_origins, queue_order, skills, tags, not_ready_reasons, calendars, agents, areas, agent_groups, call_centers, access_tokens, access_keys, callbacks, groups, threshold_profiles, apio, tenios_access_keys, tenios, exports, libraries, library_categories, library_questions, facebook, not a list"
    ),
    WrongDocument(
        "hello",
        "1:1",
        "expected a provisioning file: a mapping with the keys workspace, organisation, time_zone, integrations, callback_networks, embed_origins, queue_order, skills, tags, not_ready_reasons, calendars, agents, areas, agent_groups, call_centers, access_tokens, access_keys, callbacks, groups, threshold_profiles, apio, tenios_access_keys, tenios, exports, libraries, library_categories, library_questions, facebook, not this text"
    ),
    WrongDocument(
        "workspace: [a",
        "2:1", "did not find expected ',' or ']' (while parsing a flow sequence from line 1)"),
    WrongDocument(
        "workspace: \"a",
        "1:14", "found unexpected end of stream (while scanning a quoted scalar from line 1)"),
    WrongDocument(
        "workspace: a\n b: c",
        "2:3", "mapping values are not allowed in this context"),
    WrongDocument(
        "workspace: a\n\tb: c",
        "2:1", "found a tab character that violates indentation (while scanning a plain scalar from line 1)"),
    WrongDocument(
        "workspace: a\n---\nworkspace: b",
        "2:1", "a second document begins here: a file holds one"),
    WrongDocument(
        "workspace: a\nskills: &s [x]",
        "2:9", "anchors and aliases ('&name', '*name') are not read: write the value out"),
    WrongDocument(
        "workspace: a\nskills: &s [x]\ntags: *s",
        "2:9", "anchors and aliases ('&name', '*name') are not read: write the value out"),
    WrongDocument(
        "workspace: a\ntags: *s",
        "2:7", "anchors and aliases ('&name', '*name') are not read: write the value out"),
    WrongDocument(
        "workspace: a\nskills: !!set {x}",
        "2:9", "tags ('!name') are not read"),
    WrongDocument(
        "workspace: !x a",
        "1:12", "tags ('!name') are not read"),
    WrongDocument(
        "workspace: a\nworkspace: b",
        "2:1", "the key 'workspace' is already on line 1"),
    WrongDocument(
        "workspace: a\nagents:\n  - login_name: ana\n    user_name: Ana\n    # again\n    login_name: bo",
        "6:5", "the key 'login_name' is already on line 3"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, login_name: bo}]",
        "2:11", "the key 'login_name' is here and again further down"),
    WrongDocument(
        "workspace: a\n? [x]\n: y",
        "2:3", "expected a key, not a list"),
    WrongDocument(
        "workspace: a\n<<: {tags: []}",
        "2:1", "unknown key '<<'"),
    WrongDocument(
        "workspace: a\0",
        "1:13", "the character U+0000 cannot stand in a file"),
    WrongDocument(
        "workspace: \"a\\0\"",
        "1:12",
        "expected a workspace name (a-z, 0-9 and -, up to 63, not beginning with -), not the text 'a?'"),
    WrongDocument(
        "organisation: x",
        "1:1", "the key 'workspace' is missing: a provisioning file needs it"),
    WrongDocument(
        "workspace: Demo",
        "1:12", "expected a workspace name (a-z, 0-9 and -, up to 63, not beginning with -), not 'Demo'"),
    WrongDocument(
        "workspace:",
        "1:11", "expected a workspace name (a-z, 0-9 and -, up to 63, not beginning with -), not null"),
    WrongDocument(
        "workspace: -a",
        "1:12", "expected a workspace name (a-z, 0-9 and -, up to 63, not beginning with -), not '-a'"),
    WrongDocument(
        "workspace: [a]",
        "1:12", "expected a workspace name (a-z, 0-9 and -, up to 63, not beginning with -), not a list"),
    WrongDocument(
        "workspace: a\norganization: x",
        "2:1", "unknown key 'organization'; did you mean 'organisation'?"),
    WrongDocument(
        "workspace: a\nwibble: x",
        "2:1", "unknown key 'wibble'"),
    WrongDocument(
        "workspace: a\norganisation: null",
        "2:15", "expected a name, not null"),
    WrongDocument(
        "workspace: a\norganisation: \"\"",
        "2:15", "expected a name of 1 to 200 characters, not 0"),
    WrongDocument(
        "workspace: a\norganisation: \" x\"",
        "2:15", "a name cannot begin or end with a space"),
    WrongDocument(
        "workspace: a\norganisation: \"x\\ny\"",
        "2:15", "a name cannot contain line breaks, tabs or other control characters"),
    WrongDocument(
        "workspace: a\norganisation: \"x\\0y\"",
        "2:15", "a name cannot contain U+0000"),
    WrongDocument(
        "workspace: a\ntime_zone: Europe/Stokholm",
        "2:12", "unknown time zone 'Europe/Stokholm'; did you mean 'Europe/Stockholm'?"),
    WrongDocument(
        "workspace: a\ntime_zone: ../../etc/passwd",
        "2:12", "unknown time zone '../../etc/passwd'"),
    WrongDocument(
        "workspace: a\nintegrations: [avanta]",
        "2:16", "unknown integration 'avanta'; did you mean 'aventa'? It is one of aventa"),
    WrongDocument(
        "workspace: a\nintegrations: aventa",
        "2:15", "expected a list of values, not 'aventa'"),
    WrongDocument(
        "workspace: a\ncallback_networks: [127.0.0.1]",
        "2:21", "expected a network such as 127.0.0.0/8 or fd00::/8, not '127.0.0.1'"),
    WrongDocument(
        "workspace: a\ncallback_networks: [10.0.0.0/8, 10.0.0.1/8]",
        "2:33", "'10.0.0.1/8' has bits beyond its prefix; did you mean '10.0.0.0/8'?"),
    WrongDocument(
        "workspace: a\ncallback_networks: [fd00::/8, \"fd00::/129\"]",
        "2:31", "expected a network such as 127.0.0.0/8 or fd00::/8, not the text 'fd00::/129'"),
    WrongDocument(
        "workspace: a\ncallback_networks: [10.0.0.0/8, 10.0.0.0/8]",
        "2:33", "this value is here twice"),
    WrongDocument(
        "workspace: a\nembed_origins: [\"https://a.example/\", \"*\"]",
        "2:17",
        "expected an origin such as https://intranet.example.com or http://localhost:8081, without a path, not the text 'https://a.example/'"
    ),
    WrongDocument(
        "workspace: a\nembed_origins: [ftp://a.example]",
        "2:17",
        "expected an origin such as https://intranet.example.com or http://localhost:8081, without a path, not 'ftp://a.example'"
    ),
    WrongDocument(
        "workspace: a\nembed_origins: [\"https://a.example:0\"]",
        "2:17",
        "expected an origin such as https://intranet.example.com or http://localhost:8081, without a path, not the text 'https://a.example:0'"
    ),
    WrongDocument(
        "workspace: a\nembed_origins: [\"https://a.example\", \"HTTPS://A.example:443\"]",
        "2:38", "this value is here twice"),
    WrongDocument(
        "workspace: a\nskills: [billing, Billing]",
        "2:19", "'Billing' is already on line 2"),
    WrongDocument(
        "workspace: a\nskills: {billing: 1}",
        "2:9", "expected a list of skills, not a mapping"),
    WrongDocument(
        "workspace: a\nskills: [[x]]",
        "2:10", "expected a name, not a list"),
    WrongDocument(
        "workspace: a\nskills: [null]",
        "2:10", "expected a name, not null"),
    WrongDocument(
        "workspace: a\ntags: [x, x]",
        "2:11", "'x' is already on line 2"),
    WrongDocument(
        "workspace: a\nnot_ready_reasons: [{text: Coffee}]",
        "2:21", "the key 'code' is missing: a not-ready reason needs it"),
    WrongDocument(
        "workspace: a\nnot_ready_reasons: [{code: ABCDEFGHIJK}]",
        "2:28", "expected a code of 1 to 10 characters, not 11"),
    WrongDocument(
        "workspace: a\nnot_ready_reasons: [{code: \"A B\"}]",
        "2:28", "a code cannot contain spaces"),
    WrongDocument(
        "workspace: a\nnot_ready_reasons: [{code: A, default: yes}]",
        "2:40", "expected true or false, not 'yes'"),
    WrongDocument(
        "workspace: a\nnot_ready_reasons:\n  - {code: A, default: true}\n  - {code: B, default: true}",
        "4:5", "one reason is the default, and 'A' on line 3 already is"),
    WrongDocument(
        "workspace: a\nnot_ready_reasons:\n  - {code: A}\n  - {code: A}",
        "4:12", "'A' is already on line 3"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, hours: {monday: []}}]",
        "2:31", "unknown key 'monday'; did you mean 'mon'?"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, hours: {mon: \"08:00-17:00\"}}]",
        "2:36", "expected a list of hours such as \"08:00-17:00\", not the text '08:00-17:00'"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, hours: {mon: [\"8-17\"]}}]",
        "2:37", "expected hours such as \"08:00-17:00\", from 00:00 to 24:00, not the text '8-17'"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, hours: {mon: [\"08:00-24:01\"]}}]",
        "2:37", "expected hours such as \"08:00-17:00\", from 00:00 to 24:00, not the text '08:00-24:01'"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, hours: {mon: [\"17:00-08:00\"]}}]",
        "2:37", "hours must end after they begin; past midnight, go on with the next day from 00:00"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, hours: {mon: [\"13:00-17:00\", \"08:00-13:01\"]}}]",
        "2:52", "these hours overlap with others of the day"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, holidays: [2026-02-29]}]",
        "2:34", "expected a day that there is, not '2026-02-29'"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, holidays: [{date: 25.12.2026}]}]",
        "2:41", "expected a date such as 2026-12-25, not '25.12.2026'"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, holidays: [2026-12-25, {date: 2026-12-25, name: x}]}]",
        "2:46", "'2026-12-25' is already on line 2"),
    WrongDocument(
        "workspace: a\ncalendars: [{name: c, holidays: [{name: x}]}]",
        "2:34", "the key 'date' is missing: a holiday needs it"),
    WrongDocument(
        "workspace: a\nagents: ana",
        "2:9", "expected a list of agents, not 'ana'"),
    WrongDocument(
        "workspace: a\nagents: [password:hunter2hunter2]",
        "2:10",
        "expected an agent: a mapping with the keys login_name, user_name, email_address, password, admin_level, skills, capacity, limits, bounced_after, bounced_reason, forced_unavailable, guard_timer_s, wrap_up_s, interrupts, device_id, extension_id, language, time_zone, first_name, last_name, phone_number, extension, cloud_acd_enabled, sip_enabled, external_number_enabled, external_number, user_id, group, department, not this text"
    ),
    WrongDocument(
        "workspace: a\nagents: [{password:hunter2hunter2}]",
        "2:11", "a space is missing after 'password:'"),
    WrongDocument(
        "workspace: a\nagents:\n  - login_name: ana\n    pasword: x",
        "4:5", "unknown key 'pasword'; did you mean 'password'?"),
    WrongDocument(
        "workspace: a\nagents:\n  - user_name: Ana",
        "3:5", "the key 'login_name' is missing: an agent needs it"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: a b}]",
        "2:23", "a login name cannot contain spaces"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana}, {login_name: ana}]",
        "2:42", "'ana' is already on line 2"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, password: hunter2}]",
        "2:38", "expected a password of 8 to 1024 characters, not 7"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, password: [hunter2hunter2]}]",
        "2:38", "expected a password, not a list"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, password: }]",
        "2:38", "expected a password, not null"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, password: \"hunter2\\0hunter2\"}]",
        "2:38", "a password cannot contain U+0000"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, admin_level: admin}]",
        "2:41",
        "unknown admin_level 'admin'; did you mean 'administrator'? It is one of agent, observer, group_administrator, administrator"
    ),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, admin_level: administator}]",
        "2:41",
        "unknown admin_level 'administator'; did you mean 'administrator'? It is one of agent, observer, group_administrator, administrator"
    ),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, language: de}]",
        "2:38", "unknown language 'de'; did you mean 'da'? It is one of da, en, fi, nb, sv"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, time_zone: Mars/Olympus}]",
        "2:39", "unknown time zone 'Mars/Olympus'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, email_address: ana}]",
        "2:43", "expected an e-mail address such as ana@example.com, not 'ana'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, email_address: A@x.y}, {login_name: bo, email_address: a@X.y}]",
        "2:83", "'a@X.y' is already on line 2"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, skills: [{name: x, level: 21}]}]",
        "2:54", "expected a whole number from 1 to 20, not '21'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, skills: [{level: 1}]}]",
        "2:37", "the key 'name' is missing: a skill needs it"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, skills: [x, {name: X}]}]",
        "2:47", "'X' is already on line 2"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, capacity: 5}]",
        "2:38", "expected a capacity: a mapping with the keys errand, chat, call, not this text"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, capacity: {errand: 101}}]",
        "2:47", "expected a whole number from 0 to 100, not '101'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, capacity: {errands: 1}}]",
        "2:39", "unknown key 'errands'; did you mean 'errand'?"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, capacity: {call: \"1\"}}]",
        "2:45", "expected a whole number from 0 to 100, not the text '1'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, capacity: {call: 1.5}}]",
        "2:45", "expected a whole number from 0 to 100, not '1.5'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, device_id: -1}]",
        "2:39", "expected a whole number from 0 to 9007199254740991, not '-1'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: a, device_id: 1, extension_id: 2}, {login_name: b, device_id: 1, extension_id: 2}]",
        "2:85", "the device and extension on line 2 are the same"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, priority: high}]",
        "2:29", "expected a whole number from 0 to 1000000, not 'high'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, priority: 1000001}]",
        "2:29", "expected a whole number from 0 to 1000000, not '1000001'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, offer_timeout_s: 0}]",
        "2:36", "expected a whole number of seconds from 1 to 86400, not '0'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, wrap_up_s: 1m}]",
        "2:30", "expected a whole number of seconds from 0 to 86400, not '1m'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, wrap_up_s: null}]",
        "2:30", "expected a whole number of seconds from 0 to 86400, not null"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, sla_warning_share: 0}]",
        "2:38", "expected a share from 0.001 to 1, with at most three digits after the point, not '0'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, sla_warning_share: 1.001}]",
        "2:38", "expected a share from 0.001 to 1, with at most three digits after the point, not '1.001'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, sla_warning_share: 0.1234}]",
        "2:38", "expected a share from 0.001 to 1, with at most three digits after the point, not '0.1234'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, sla_warning_share: .5}]",
        "2:38", "expected a share from 0.001 to 1, with at most three digits after the point, not '.5'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, sla_warning_share: 80%}]",
        "2:38", "expected a share from 0.001 to 1, with at most three digits after the point, not '80%'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, sla_response_s: 99999999999999999999}]",
        "2:35", "expected a whole number of seconds from 1 to 31622400, not '99999999999999999999'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, archives: [docs/]}]",
        "2:30", "expected a file, not 'docs/'"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, archives: [a/t.pdf, b/t.pdf]}]",
        "2:39", "'t.pdf' is already on line 2"),
    WrongDocument(
        "workspace: a\nareas: [{name: x, required_skills: [s, s]}]",
        "2:40", "'s' is already on line 2"),
    WrongDocument(
        "workspace: a\nareas: [{name: x}, {name: x}]",
        "2:27", "'x' is already on line 2"),
    WrongDocument(
        "workspace: a\nagent_groups: [{agents: [ana]}]",
        "2:16", "the key 'name' is missing: an agent group needs it"),
    WrongDocument(
        "workspace: a\nagent_groups: [{name: g, agents: [ana, ana]}]",
        "2:40", "'ana' is already on line 2"),
    WrongDocument(
        "workspace: a\nagent_groups: [{name: g, areas: x}]",
        "2:33", "expected a list of areas, not 'x'"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: \"\", claims: [logio]}]",
        "2:32", "expected a key of 1 to 1024 characters, not 0"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: []}]",
        "2:43", "an access token needs at least one claim"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [errand-data]}]",
        "2:44",
        "unknown claim 'errand-data'; did you mean 'errand_data'? It is one of create_errand, errand_data, contacts, library, export, logio, attachments, acd"
    ),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [logio, logio]}]",
        "2:51", "'logio' is already on line 2"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [create_errand], area: x}]",
        "2:17", "a token that may create_errand needs a 'channel'"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [create_errand], channel: form, account: x}]",
        "2:17", "a token for the channel form needs an 'area'"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [create_errand], channel: email}]",
        "2:17", "a token for the channel email needs an 'area' or an 'account'"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [create_errand], channel: fax, area: x}]",
        "2:69",
        "unknown channel 'fax'; it is one of email, form, voice, chat, facebook, whatsapp, vk, line, api"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [logio], area: x}]",
        "2:52", "'area' stands only beside claims with create_errand"),
    WrongDocument(
        "workspace: a\naccess_tokens: [{name: t, key: k, claims: [logio], expiry: 1766000000000}]",
        "2:60",
        "expected a whole number of seconds since 1970 (0: never) from 0 to 253402300799, not '1766000000000'"
    ),
    WrongDocument(
        "workspace: a\naccess_keys: [{name: k}]",
        "2:15", "the key 'agent' is missing: an access key needs it"),
    WrongDocument(
        "workspace: a\naccess_keys: [{name: k, agent: ana, expiry: never}]",
        "2:45", "expected a whole number of seconds since 1970 (0: never) from 0 to 253402300799, not 'never'"
    ),
    WrongDocument(
        "workspace: a\ncallbacks: [{name: c, endpoint: example.com}]",
        "2:33", "expected an address such as https://example.com/hook"),
    WrongDocument(
        "workspace: a\ncallbacks: [{name: c, endpoint: \"ftp://example.com\"}]",
        "2:33", "expected an address such as https://example.com/hook"),
    WrongDocument(
        "workspace: a\ncallbacks: [{name: c, endpoint: \"https://u:hunter2@example.com/\"}]",
        "2:33", "an endpoint cannot hold a user name or a password; use 'secret'"),
    WrongDocument(
        "workspace: a\ncallbacks: [{name: c, endpoint: \"https://example.com/#x\"}]",
        "2:33", "an endpoint cannot have a '#' part"),
    WrongDocument(
        "workspace: a\ncallbacks: [{name: c, secret: \"\"}]",
        "2:31", "expected a secret of 1 to 1024 characters, not 0"),
    WrongDocument(
        "workspace: a\ncallbacks: [{name: c, event: answer_errands}]",
        "2:30", "unknown event 'answer_errands'; did you mean 'answer_errand'? It is one of answer_errand"),
    WrongDocument(
        "workspace: a\ncallbacks: [{name: c, areas: [x, x]}]",
        "2:34", "'x' is already on line 2"),
    WrongDocument(
        "workspace: a\ntenios: true",
        "2:9", "expected the settings of tenios: a mapping with the keys get_retrieve, not this text"),
    WrongDocument(
        "workspace: a\ntenios: {get_retrive: true}",
        "2:10", "unknown key 'get_retrive'; did you mean 'get_retrieve'?"),
    WrongDocument(
        "workspace: a\ntenios: {get_retrieve: \"true\"}",
        "2:24", "expected true or false, not the text 'true'"),
    WrongDocument(
        "workspace: a\ntenios_access_keys: [{key: long-enough}]",
        "2:22", "the key 'name' is missing: an access key of tenios needs it"),
    WrongDocument(
        "workspace: a\ntenios_access_keys: [{name: k, key: short}]",
        "2:37", "expected an access key of 8 to 200 characters, not 5"),
    WrongDocument(
        "workspace: a\ntenios_access_keys: [{name: k, key: long enough}]",
        "2:37", "an access key cannot contain spaces"),
    WrongDocument(
        "workspace: a\ntenios_access_keys: [{name: k, key: null}]",
        "2:37", "expected an access key, not null"),
    WrongDocument(
        "workspace: a\ntenios_access_keys: [{name: k}, {name: k}]",
        "2:40", "'k' is already on line 2"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, cloud_acd_enabled: 1}]",
        "2:47", "expected true or false, not '1'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, sip_enabled: null}]",
        "2:41", "expected true or false, not null"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, external_number_enabled: \"yes\"}]",
        "2:53", "expected true or false, not the text 'yes'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: ana, external_number: 0221554003}]",
        "2:45", "expected a number such as \"+4930123456\", in E.164, not '0221554003'"),
    WrongDocument(
        "workspace: a\nagents: [{login_name: {a: b}}]",
        "2:23", "expected a login name, not a mapping"),
    WrongDocument(
        "workspace: a\nlibraries: [{external: true}]",
        "2:13", "the key 'name' is missing: a library needs it"),
    WrongDocument(
        "workspace: a\nlibraries: [{name: a, extern: true}]",
        "2:23", "unknown key 'extern'; did you mean 'external'?"),
    WrongDocument(
        "workspace: a\nlibraries: [{name: a, external: maybe}]",
        "2:33", "expected true or false, not 'maybe'"),
    WrongDocument(
        "workspace: a\nlibraries: [{name: a}, {name: a}]",
        "2:31", "'a' is already on line 2"),
    WrongDocument(
        "workspace: a\nlibraries: [{name: a, questions: [q, q]}]",
        "2:38", "'q' is already on line 2"),
    WrongDocument(
        "workspace: a\nlibrary_categories: [{name: a, external: true}]",
        "2:32", "unknown key 'external'"),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{question: a}]",
        "2:21", "the key 'subject' is missing: a question needs it"),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{subject: a, answer: null}]",
        "2:42", "expected a text (\"\" for none), not null"),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{subject: a, answer: [b]}]",
        "2:42", "expected a text (\"\" for none), not a list"),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{subject: a, toplist: 1}]",
        "2:43", "expected true or false, not '1'"),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{subject: a, attachments: [{name: f}]}]",
        "2:48", "an attachment has one of the keys file and content"),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{subject: a, attachments: [{name: f, file: x, content: QQ==}]}]",
        "2:48", "an attachment has one of the keys file and content"),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{subject: a, attachments: [{name: f, content: \"?\"}]}]",
        "2:67", "expected base64, padded with ="),
    WrongDocument(
        "workspace: a\nlibrary_questions: [{subject: a, attachments: [{name: f, file: x/..}]}]",
        "2:64", "expected a file, not 'x/..'"),
]
