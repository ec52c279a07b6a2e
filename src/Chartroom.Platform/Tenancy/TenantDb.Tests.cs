using Chartroom.Platform.Audit;
using Chartroom.Platform.Vault;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

public sealed class TenantDbTests
{
    [Fact]
    public async Task A_patients_secret_comes_back_only_through_an_opened_patient_and_the_event_is_there()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (db, patient) = (clinic.The<TenantDb>(), PatientId.New());
        byte[] sealedNote;
        await using (var tx = await db.BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditPatients, default))
        {
            sealedNote = tx.NewPatient(patient, new("patient.created", "patient", patient.Value)).Seal("canary", new("t", "c", patient.Value));
            await tx.CommitAsync(default);
        }

        await using (var tx = await db.BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.SeePatients, default))
        {
            var key = await tx.OpenPatientAsync(patient, new("patient.read", "patient", patient.Value), default);
            Assert.Equal("canary", key!.Open<string>(sealedNote, new("t", "c", patient.Value)));
            await tx.CommitAsync(default);
        }

        var events = await clinic.RowsAsync<(string Action, string Outcome, Guid[] Patients)>("select action, outcome, patient_ids from audit_event order by at, id");
        Assert.Equal(["patient.created", "patient.read"], events.Select(it => it.Action));
        Assert.All(events, it => Assert.Equal([patient.Value], it.Patients));
    }

    [Fact]
    public async Task Reading_and_walking_away_without_commit_still_leaves_the_event()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (db, patient) = (clinic.The<TenantDb>(), PatientId.New());
        await using (var tx = await db.BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditPatients, default))
        {
            tx.NewPatient(patient, new("patient.created", "patient", patient.Value));
            await tx.CommitAsync(default);
        }

        await using (var tx = await db.BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.SeePatients, default))
            await tx.OpenPatientAsync(patient, new("patient.read", "patient", patient.Value), default);

        Assert.Equal("refused", await clinic.OneAsync<string>("select outcome from audit_event where action = 'patient.read'"));
    }

    [Fact]
    public async Task A_commit_without_an_event_is_refused_and_leaves_nothing_but_a_trace_of_the_attempt()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Admin), Permission.EditPatients, default))
        {
            await tx.ExecuteAsync("update counter set next = 7 where name = 'mrn'", null, default);
            await Assert.ThrowsAsync<InvalidOperationException>(() => tx.CommitAsync(default));
        }

        Assert.Equal(100001, await clinic.OneAsync<long>("select next from counter where name = 'mrn'"));
        Assert.Equal(("attempt.edit_patients", "refused"), await clinic.OneAsync<(string, string)>("select action, outcome from audit_event"));
    }

    [Fact]
    public async Task KEY_3_A_destroyed_key_opens_nothing_a_moment_after_it_was_used()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (db, patient) = (clinic.The<TenantDb>(), PatientId.New());
        await using (var tx = await db.BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditPatients, default))
        {
            tx.NewPatient(patient, new("patient.created", "patient", patient.Value));
            await tx.CommitAsync(default);
        }
        async Task<bool> OpensAsync()
        {
            await using var tx = await db.BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.SeePatients, default);
            var key = await tx.OpenPatientAsync(patient, new("patient.read", "patient", patient.Value), default);
            if (key is not null) await tx.CommitAsync(default);
            return key is not null;
        }

        Assert.True(await OpensAsync());
        Assert.True(await OpensAsync());   // out of memory
        await clinic.RowsAsync<int>("update patient_key set wrapped = null, destroyed_at = now() where patient_id = @patient returning 1", new { patient });
        Assert.False(await OpensAsync());

        Assert.Equal(2, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'patient.read' and outcome = 'done'"));
    }

    [Fact]
    public async Task A_patients_key_handed_out_by_a_transaction_is_of_no_use_after_it()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = PatientId.New();
        PatientKey key;
        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditPatients, default))
        {
            key = tx.NewPatient(patient, new("patient.created", "patient", patient.Value));
            await tx.CommitAsync(default);
        }

        Assert.Throws<ObjectDisposedException>(() => key.Seal("canary", new("t", "c", patient.Value)));
    }

    [Fact]
    public async Task Whatever_a_transaction_took_is_gone_from_its_connection_whether_it_committed_or_was_left_open()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var logins = clinic.The<Database.DatabaseLogins>();
        for (var round = 0; round < 2; round++)
        {
            await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.SeePatients, default))
            {
                await tx.QueryAsync<string>("select pg_advisory_xact_lock(7)::text", null, default);
                tx.Audit(new("patient.listed", "patient"));
                if (round == 0) await tx.CommitAsync(default);
            }
            await using var pipe = await logins.OpenAsync(default);   // the pool gives the same connection again
            var left = await pipe.QueryAsync<string>("""
                select concat_ws(' ', current_user, current_setting('role'), current_setting('search_path'), nullif(current_setting('app.person_id', true), ''),
                    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()))
                """, null, default);
            Assert.Equal(["chartroom_app none \"$user\", public 0"], left);
        }
    }

    [Theory]   // every role of clinic A, raw SQL against clinic B
    [InlineData(ClinicRole.Admin), InlineData(ClinicRole.Provider), InlineData(ClinicRole.FrontDesk), InlineData(ClinicRole.Patient), InlineData(ClinicRole.System)]
    public async Task TEN_2_Raw_sql_into_another_clinics_schema_gets_permission_denied(ClinicRole role)
    {
        await using var ours = await TestClinic.OpenAsync();
        await using var theirs = await TestClinic.OpenAsync();

        var error = await Assert.ThrowsAsync<PostgresException>(() => ours.RawAsync<long>(role, $"select count(*) from {theirs.Schema}.audit_event"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        Assert.Equal(ours.Id.Value, Assert.Single(await ours.RawAsync<Guid>(ClinicRole.Admin, "select id from platform.clinic")));
    }

    [Fact]
    public async Task The_login_itself_owns_nothing_inherits_nothing_and_reads_nothing()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var pipe = await clinic.The<Database.DatabaseLogins>().OpenAsync(default);

        var error = await Assert.ThrowsAsync<PostgresException>(() => pipe.QueryAsync<long>("select count(*) from platform.clinic", null, default));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        Assert.Equal((false, false, 0L), await clinic.OneAsync<(bool, bool, long)>("""
            select rolinherit, rolsuper, (select count(*) from pg_class where relowner = pg_roles.oid) from pg_roles where rolname = 'chartroom_app'
            """));
    }

    [Theory]
    [InlineData("update audit_event set action = 'x.y'"), InlineData("delete from audit_event"), InlineData("truncate audit_event")]
    public async Task AUD_3_Audit_rows_are_changed_by_nobody_not_even_their_owner(string sql)
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Admin), Permission.SeeAudit, default))
        {
            tx.Audit(new("audit.read", "audit"));
            await tx.CommitAsync(default);
        }

        foreach (var role in Enum.GetValues<ClinicRole>()) await Assert.ThrowsAsync<PostgresException>(() => clinic.RawAsync<int>(role, sql));
        await Assert.ThrowsAsync<PostgresException>(() => clinic.RowsAsync<int>(sql));   // the superuser meets the trigger
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from audit_event"));
    }
}
