"""The official twilio package, unmodified, on every resource of the REST face that is no call: numbers, papers, keys, money."""

import json

from here import ACCOUNT, NUMBER, TOKEN, client, control, refused, step, until

PHONE, PERSON = "+14155550130", "+14155550177"
twilio = client()

step("stock: countries, kinds, patterns")
countries = {country.country_code: country for country in twilio.available_phone_numbers.list()}
assert set(countries) == {"US", "CA", "GB", "IE", "AU", "DE", "FR"}
assert set(twilio.available_phone_numbers("GB").fetch().subresource_uris) == {"local", "mobile", "national", "toll_free"}
london = twilio.available_phone_numbers("GB").local.list(contains="+4420%", limit=3)
assert [number.locality for number in london] == ["London"] * 3 and london[0].capabilities["voice"]
assert london[0].address_requirements == "any"
assert all(number.phone_number.startswith("+1415") for number in twilio.available_phone_numbers("US").local.list(area_code=415, limit=5))
assert twilio.available_phone_numbers("US").toll_free.list(limit=1) and twilio.available_phone_numbers("IE").mobile.list(limit=1)
refused(20404, 404, lambda: twilio.available_phone_numbers("PK").fetch())

step("papers: address, end user, documents, bundle, evaluation")
rules = twilio.numbers.v2.regulatory_compliance
(regulation,) = rules.regulations.list(iso_country="GB", number_type="local", end_user_type="business")
assert regulation.requirements["end_user"][0]["requirement_name"] == "business_info"
address = twilio.addresses.create(
    customer_name="Harbor Bikes", street="1 Wharf Road", city="London", region="London", postal_code="N1 7GR", iso_country="GB"
)
assert twilio.addresses(address.sid).update(friendly_name="home").friendly_name == "home"
bundle = rules.bundles.create(friendly_name="GB", email="a@example.com", regulation_sid=regulation.sid)
user = rules.end_users.create(
    friendly_name="us",
    type="business",
    attributes={"business_name": "Harbor Bikes", "business_registration_number": "1", "first_name": "A", "last_name": "B"},
)
papers = [
    rules.supporting_documents.create(friendly_name="register", type="commercial_registrar_excerpt", attributes={"business_name": "Harbor Bikes"}),
    rules.supporting_documents.create(friendly_name="address", type="address", attributes={"address_sids": [address.sid]}),
]
assert rules.bundles(bundle.sid).evaluations.create().status == "noncompliant"
for paper in [user, *papers]:
    rules.bundles(bundle.sid).item_assignments.create(object_sid=paper.sid)
assert len(rules.bundles(bundle.sid).item_assignments.list()) == 3
assert rules.bundles(bundle.sid).evaluations.create().status == "compliant"
assert rules.bundles(bundle.sid).update(status="pending-review").status == "pending-review"
wanted = {"phone_number": london[0].phone_number, "bundle_sid": bundle.sid, "address_sid": address.sid}
refused(21649, 400, lambda: twilio.incoming_phone_numbers.create(**wanted))
control("PUT", f"bundles/{bundle.sid}", {"status": "twilio-approved"})
assert [one.sid for one in rules.bundles.list(status="twilio-approved", iso_country="GB")] == [bundle.sid]
assert rules.end_users.list() and rules.supporting_documents.list() and rules.end_user_types.list() and rules.supporting_document_types.list()
copy = rules.bundles(bundle.sid).bundle_copies.create(friendly_name="copy")
assert copy.status == "draft" and rules.bundles(copy.sid).delete()

step("numbers: bought with papers, changed, routed, given back")
refused(21631, 400, lambda: twilio.incoming_phone_numbers.create(phone_number=london[0].phone_number, bundle_sid=bundle.sid))
bought = twilio.incoming_phone_numbers.create(**wanted, voice_url="https://example.com/voice")
assert (bought.bundle_sid, bought.address_sid) == (bundle.sid, address.sid)
refused(21422, 400, lambda: twilio.incoming_phone_numbers.create(**wanted))
assert [number.sid for number in twilio.addresses(address.sid).dependent_phone_numbers.list()] == [bought.sid]
app = twilio.applications.create(friendly_name="app", voice_url="https://example.com/app", sms_url="https://example.com/sms")
assert bought.update(voice_application_sid=app.sid).voice_application_sid == app.sid
assert bought.update(voice_url="https://example.com/other").voice_application_sid is None
refused(20404, 404, lambda: twilio.routes.v2.phone_numbers(bought.phone_number).fetch())
assert twilio.routes.v2.phone_numbers(bought.phone_number).update(voice_region="ie1").voice_region == "ie1"
assert twilio.routes.v2.phone_numbers(bought.phone_number).fetch().voice_region == "ie1"
assert bought.delete() and app.delete()

step("prices, what is left, what was used")
prices = twilio.pricing.v1.phone_numbers.countries("GB").fetch()
assert {price["number_type"] for price in prices.phone_number_prices} >= {"local", "mobile", "toll free"}
assert twilio.pricing.v1.phone_numbers.countries.list() and twilio.pricing.v2.voice.countries("US").fetch().inbound_call_prices
assert twilio.pricing.v2.voice.numbers(PHONE).fetch(origination_number=NUMBER).outbound_call_prices
assert twilio.pricing.v1.messaging.countries("DE").fetch().price_unit == "USD"
assert 0 < float(twilio.balance.fetch().balance) < 100
(line,) = twilio.usage.records.list(category="phonenumbers")
assert int(line.count) >= 1
assert twilio.usage.records.today.list() and twilio.usage.records.monthly.list(category="totalprice")

step("a number is verified by its code")
control("PUT", f"phones/{PERSON}/behaviour", {"kind": "human"})
asked = twilio.validation_requests.create(phone_number=PERSON, friendly_name="mine")
until(lambda: twilio.calls(asked.call_sid).fetch().status == "ringing", "it rings")
control("POST", f"phones/{PERSON}/answer")
control("POST", f"phones/{PERSON}/press", {"digits": asked.validation_code})
(verified,) = until(lambda: twilio.outgoing_caller_ids.list(phone_number=PERSON), "verified")
assert verified.update(friendly_name="ours").friendly_name == "ours" and verified.delete()

step("keys with their limits, accounts below, tokens")
restricted = twilio.iam.v1.new_api_key.create(
    account_sid=ACCOUNT, friendly_name="narrow", key_type="restricted", policy=json.loads('{"allow": ["/twilio/voice/calls/list"]}')
)
narrow = client(restricted.sid, restricted.secret)
assert isinstance(narrow.calls.list(limit=1), list)
refused(20403, 403, lambda: narrow.queues("QU" + "0" * 32).fetch())
assert restricted.sid in [key.sid for key in twilio.iam.v1.get_api_keys.list(account_sid=ACCOUNT)]
assert twilio.iam.v1.api_key(restricted.sid).delete()
branch = twilio.api.accounts.create(friendly_name="branch")
assert branch.owner_account_sid == ACCOUNT and branch.sid in [account.sid for account in twilio.api.accounts.list()]
assert client(account=branch.sid).incoming_phone_numbers.list() == []
assert client(branch.sid, branch.auth_token, branch.sid).applications.create(friendly_name="theirs").account_sid == branch.sid
assert twilio.applications.list(friendly_name="theirs") == []
assert twilio.api.accounts(branch.sid).update(status="suspended").status == "suspended"
refused(20005, 403, lambda: client(branch.sid, branch.auth_token, branch.sid).balance.fetch())

step("look-ups, permissions to dial, relays")
looked = twilio.lookups.v2.phone_numbers(NUMBER).fetch(fields="line_type_intelligence")
assert looked.valid and looked.country_code == "US" and looked.line_type_intelligence["type"]
germany = twilio.voice.v1.dialing_permissions.countries("DE").fetch()
assert germany.low_risk_numbers_enabled
off = json.dumps([{"iso_code": "DE", "low_risk_numbers_enabled": "false"}])
assert twilio.voice.v1.dialing_permissions.bulk_country_updates.create(update_request=off).update_count == 1
refused(21215, 400, lambda: twilio.calls.create(to="+493023125000", from_=NUMBER, twiml="<Response/>"))
assert twilio.tokens.create(ttl=60).ice_servers

step("what went wrong is told")
failing = twilio.calls.create(to=PHONE, from_=NUMBER, url="http://127.0.0.1:9/voice")
(alert,) = until(lambda: twilio.monitor.v1.alerts.list(log_level="error"), "an alert")
assert (alert.error_code, alert.resource_sid) == ("11205", failing.sid)
assert failing.sid in twilio.monitor.v1.alerts(alert.sid).fetch().request_variables
assert twilio.calls(failing.sid).notifications.list()[0].error_code == "11205"
assert twilio.calls(failing.sid).notifications(alert.sid).fetch().sid == alert.sid
(event,) = twilio.calls(failing.sid).events.list()
assert event.request["parameters"]["CallSid"] == failing.sid

step("a region is an account of its own, and tokens are changed in order")
ireland = control("POST", f"accounts/{ACCOUNT}/regions", {"region": "ie1"})
there = client(password=ireland["auth_token"], region="ie1", edge="dublin")
assert [number.phone_number for number in there.incoming_phone_numbers.list(phone_number=NUMBER)] == [NUMBER]
refused(20003, 401, lambda: client(region="ie1", edge="dublin").balance.fetch())
second = twilio.accounts.v1.secondary_auth_token().create().secondary_auth_token
fresh = client(password=second)
assert fresh.api.accounts(ACCOUNT).fetch().status == "active"
assert fresh.accounts.v1.auth_token_promotion().update().auth_token == second
refused(20003, 401, lambda: twilio.api.accounts(ACCOUNT).fetch())
