using Npgsql;

namespace Chartroom.Platform.Tenancy;

public sealed class CatalogueTests(TwoClinics pair) : IClassFixture<TwoClinics>
{
    [Fact]
    public async Task TEN_2_Every_object_of_the_database_keeps_the_rules_that_hold_clinics_apart()
    {
        await using var clinic = await TestClinic.OpenAsync();

        await clinic.The<Catalogue>().HoldAsync(default);
    }

    public static TheoryData<string, string> Broken => new()
    {
        // {schema}: a clinic of its own. {other}: another clinic's role. Each stands for one rule, and the object must be named.
        { "alter table platform.clinic no force row level security", "platform.clinic: row security is not forced" },
        { "alter table platform.person disable row level security", "platform.person: row security is not forced" },
        { "alter table {schema}.audit_event_default disable row level security", "{schema}.audit_event_default: row security is not forced" },
        { "create policy gap on platform.clinic to chartroom_admin using (true)", "platform.clinic policy gap: a policy of clinics is not bound to the clinic of the role" },
        { "create policy gap on platform.clinic using (id = platform.current_clinic() or name = 'x')", "platform.clinic policy gap: a policy of clinics is not bound" },
        { "create policy gap on platform.clinic to chartroom_admin using (id = current_setting('app.clinic_id')::uuid)", "platform.clinic policy gap: a policy of clinics" },
        { "create policy gap on platform.clinic for insert to chartroom_admin with check (true)", "platform.clinic policy gap: a policy of clinics" },
        { "create view {schema}.peek as select id from {schema}.patient", "{schema}.peek: a view runs with its owner's rights" },
        { "create view {schema}.peek with (security_invoker) as select id from platform.clinic", "{schema}.peek reads platform.clinic: a view or default reads from another schema" },
        { "create materialized view {schema}.kept as select id from {schema}.patient; grant select on {schema}.kept to {admin}", "{schema}.kept: select to {admin}: a partition, materialised view" },
        { "grant select on {schema}.audit_event_default to {admin}", "{schema}.audit_event_default: select to {admin}: a partition" },
        { "create function {schema}.f() returns int security definer language sql return 1", "{schema}.f(): a function runs with its owner's rights" },
        { "create function {schema}.f() returns setof text security definer language sql set search_path = pg_temp as 'select 1::text'", "{schema}.f(): a function runs with its owner's rights" },
        { "alter table {schema}.private_note disable row level security", "{schema}.private_note: row security is not forced" },
        { "alter table {schema}.private_note no force row level security", "{schema}.private_note: row security is not forced" },
        { "create policy gap on {schema}.private_note using (true)", "{schema}.private_note on gap * always public is not of theirs: row security is not as the migrations make it" },
        { "drop policy entry_care_team on {schema}.entry", "{schema}.entry on entry_care_team * asks #admin,#provider is missing: row security is not as" },
        { "alter policy entry_care_team on {schema}.entry using (true)", "{schema}.entry on entry_care_team * always #admin,#provider is not of theirs: row security is not as" },
        { "alter policy entry_care_team on {schema}.entry to {admin}, {provider}, {front_desk}", "{schema}.entry on entry_care_team * asks #admin,#front_desk,#provider is not of theirs: row security is not as" },
        { "grant insert on platform.invite to chartroom_admin; create unique index gap on platform.invite (id, email)", "platform.invite index gap: a key that clinics write" },
        { "create function {schema}.f() returns int language sql set search_path = pg_temp, public return 1", "{schema}.f(): a function without a pinned search path" },
        { "create function {schema}.f(t text) returns void language plpgsql set search_path = pg_temp as 'begin execute t; end'", "{schema}.f(text): a function builds SQL at run time" },
        { "alter default privileges grant execute on functions to public; create function {schema}.f() returns int language sql set search_path = pg_temp return 1", "{schema}.f(): execute to public: granted to everybody" },
        { "reset role; create table {schema}.stray (id int)", "{schema}.stray: not owned by chartroom_owner" },
        { "reset role; alter table {schema}.patient owner to {admin}", "{admin} owns table {schema}.patient: a role of the application owns something" },
        { "create rule r as on delete to {schema}.patient do instead nothing", "{schema}.patient rule r: a rewriting rule" },
        { "grant select on {schema}.patient to public", "{schema}.patient: select to public: granted to everybody" },
        { "grant select on {schema}.patient to {other}", "{schema}.patient: select to {other}: granted to a role that is not of this clinic" },
        { "grant select (id) on {schema}.patient to chartroom_admin", "{schema}.patient.id: select to chartroom_admin: granted to a role that is not of this clinic" },
        { "grant usage on schema {schema} to {other}", "schema {schema}: usage to {other}: granted to a role that is not of this clinic" },
        { "grant select on platform.person to {admin}", "platform.person: select to {admin}: granted to a role that is none of the shared side" },
        { "grant truncate on {schema}.patient to {admin}", "{schema}.patient: truncate to {admin}: a right that belongs to the owner alone" },
        { "grant references, trigger on platform.clinic to chartroom_worker", "platform.clinic: trigger to chartroom_worker: a right that belongs to the owner alone" },
        { "grant create on schema {schema} to {system}", "schema {schema}: create to {system}: a right that belongs to the owner alone" },
        { "grant select on {schema}.patient to {admin} with grant option", "{schema}.patient: select to {admin}: granted with the right to grant on" },
        { "grant insert on platform.clinic to chartroom_admin", "platform.clinic constraint clinic_slug_key: a key that clinics write does not begin with the clinic" },
        { "alter table {schema}.patient add constraint f foreign key (id) references platform.clinic", "{schema}.patient constraint f: a foreign key leaves its schema" },
        { "create trigger t before insert on {schema}.patient execute function platform.refuse_change()", "{schema}.patient trigger t: a trigger calls a function of another schema" },
        { "create table {schema}.child () inherits (platform.invite)", "{schema}.child: a table inherits from another schema" },
        { "reset role; create table public.stray (id int)", "stray: something of nobody's in the schema public" },
        { "reset role; alter role {admin} bypassrls", "{admin}: a role of the application has an attribute that opens the database" },
        { "reset role; alter role {admin} login", "{admin}: a role of the application has an attribute that opens the database" },
        { "reset role; grant chartroom_owner to {admin}", "{admin} of chartroom_owner: a role is a member of one that it must not be" },
        { "reset role; grant {other} to {admin}", "{admin} of {other}: a role is a member of one that it must not be" },
        { "reset role; create role stray_login_{stamp} login; grant {admin} to stray_login_{stamp}", "stray_login_{stamp} takes {admin}: a role of a clinic can be taken by another login" },
        { "reset role; alter role {admin} set search_path = public", "{admin} search_path=public: a role of the application brings a setting" },
        { "reset role; do $$ begin execute format('grant temporary on database %I to {admin}', current_database()); end $$", "temporary to {admin}: a right on the database beyond connecting" },
        { "reset role; grant create on schema public to {admin}", "{admin}: anybody may create in the schema public" },
        { "reset role; grant usage on language plpgsql to {admin}", "{admin} may write code in plpgsql: a way to change the role" },
        { "reset role; grant execute on function pg_catalog.set_config(text, text, boolean) to {admin}", "{admin} may call set_config: a way to change the role" },
    };

    [Theory, MemberData(nameof(Broken))]
    public async Task TEN_2_A_rule_broken_by_hand_is_found_and_the_object_named(string sql, string expected)
    {
        var (clinic, other) = (pair.Ours, pair.Theirs);
        string Filled(string text) => ClinicNames.Fill(text, clinic.Id)
            .Replace("{other}", ClinicNames.Role(other.Id, ClinicRole.Admin), StringComparison.Ordinal).Replace("{stamp}", $"{clinic.Id.Value:N}", StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(pair.Ours.Connection);
        await connection.OpenAsync();
        await using var undone = await connection.BeginTransactionAsync();
        await Migrator.RunAsync(connection, "set local role chartroom_owner", default);
        await Migrator.RunAsync(connection, Filled(sql), default);
        await Migrator.RunAsync(connection, "reset role", default);

        // The whole database of a test run has hundreds of clinics: where the fault lies in one schema, that one is looked at.
        var scope = expected.Contains("row security is not as", StringComparison.Ordinal) ? null : expected.StartsWith("{schema}", StringComparison.Ordinal) ? clinic.Schema : expected.StartsWith("platform.", StringComparison.Ordinal) ? "platform" : null;
        var faults = await Catalogue.FaultsAsync(connection, scope, default);

        var words = faults.ConvertAll(fault => $"{fault.Object}: {fault.Rule}");
        Assert.Contains(words, it => it.StartsWith(Filled(expected), StringComparison.Ordinal));
        Assert.Contains(Filled(expected), new CatalogueException(faults).Message, StringComparison.Ordinal);
    }
}
