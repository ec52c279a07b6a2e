using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Npgsql;

namespace Chartroom.Charts;

public sealed class MergeTests
{
    private static readonly SourcedEntry Visit = new("Encounter/e1", new Entry.Encounter { Status = EncounterStatus.Finished }, null);
    private static readonly SourcedEntry Cough = new("Condition/c1", Problem("Cough"), "Encounter/e1");

    [Fact]
    public async Task The_same_entries_again_change_nothing_and_a_changed_one_becomes_a_version()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = await PatientAsync(clinic);

        Assert.Equal([Merged.Added, Merged.Added], await MergeAsync(clinic, patient, isNew: true, Visit, Cough));
        Assert.Equal([Merged.Unchanged, Merged.Unchanged], await MergeAsync(clinic, patient, isNew: false, Visit, Cough));
        Assert.Equal([Merged.Changed, Merged.Unchanged], await MergeAsync(clinic, patient, isNew: false, Cough with { Content = Problem("Whooping cough") }, Visit));

        Assert.Equal([("encounter", 1, false), ("problem", 2, true)], await clinic.RowsAsync<(string, int, bool)>(
            "select kind, version, encounter_id is not null from entry where patient_id = @patient order by kind", new { patient }));
        var now = await OpenAsync(clinic, patient, "select id, version, content from entry where patient_id = @patient and kind = 'problem'");
        var before = await OpenAsync(clinic, patient, "select entry_id as id, version, content from entry_version where patient_id = @patient");
        Assert.Equal(("Whooping cough", "Cough"), (((Entry.Problem)now).Code.Text, ((Entry.Problem)before).Code.Text));
    }

    [Fact]
    public async Task What_a_clinician_amended_here_is_not_overwritten_by_a_file()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = await PatientAsync(clinic);
        await MergeAsync(clinic, patient, isNew: true, Visit, Cough);
        var id = await clinic.OneAsync<EntryId>("select id from entry where patient_id = @patient and kind = 'problem'", new { patient });
        await AsProviderAsync(clinic, patient, (tx, key) => ChartBook.AmendAsync(tx, key, new(id, patient, 1, Problem("Asthma"), tx.Actor.Staff), default));

        Assert.Equal([Merged.Kept], await MergeAsync(clinic, patient, isNew: false, Cough with { Content = Problem("Croup") }));

        var now = await OpenAsync(clinic, patient, "select id, version, content from entry where patient_id = @patient and kind = 'problem'");
        Assert.Equal("Asthma", ((Entry.Problem)now).Code.Text);
    }

    [Fact]
    public async Task Two_amend_one_version_and_exactly_one_wins()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, id) = (await PatientAsync(clinic), EntryId.New());
        await AsProviderAsync(clinic, patient, (tx, key) =>
        {
            ChartBook.Add(tx, key, new(id, patient, Problem("Cough")) { Author = tx.Actor.Staff });
            return Task.FromResult(0);
        });

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => AsProviderAsync(clinic, patient,
            (tx, key) => ChartBook.AmendAsync(tx, key, new(id, patient, 1, Problem($"Cough {number}"), tx.Actor.Staff), default))));

        Assert.Equal(1, replies.Count(reply => reply.IsOk));
        Assert.All(replies.Where(reply => !reply.IsOk), reply => Assert.Equal(("charts.stale-entry", 2), (reply.Refusal!.Code, reply.Refusal.Facts["currentVersion"])));
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from entry_version where entry_id = @id", new { id }));
    }

    [Fact]
    public async Task An_entry_can_not_lie_in_another_patients_encounter()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (one, other, visit) = (await PatientAsync(clinic), await PatientAsync(clinic), EntryId.New());
        await AsProviderAsync(clinic, one, (tx, key) =>
        {
            ChartBook.Add(tx, key, new(visit, one, Visit.Content));
            return Task.FromResult(0);
        });

        var error = await Assert.ThrowsAsync<PostgresException>(() => AsProviderAsync(clinic, other, (tx, key) =>
        {
            ChartBook.Add(tx, key, new(EntryId.New(), other, Problem("Cough")) { Encounter = visit });
            return Task.FromResult(0);
        }));

        Assert.Equal("entry_encounter_fkey", error.ConstraintName);
    }

    [Fact]
    public async Task A_version_that_was_superseded_can_be_neither_changed_nor_removed()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = await PatientAsync(clinic);
        await MergeAsync(clinic, patient, isNew: true, Cough with { EncounterKey = null });
        await MergeAsync(clinic, patient, isNew: false, Cough with { Content = Problem("Croup"), EncounterKey = null });

        foreach (var verb in new[] { "update entry_version set version = 9", "delete from entry_version", "truncate entry_version" })
            foreach (var role in new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.System })
                Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => clinic.RawAsync<int>(role, verb))).SqlState);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => clinic.RowsAsync<int>("delete from entry_version"))).SqlState);
    }

    private static Entry.Problem Problem(string words) => new() { Code = new Concept { Text = words }, Status = ProblemStatus.Active };

    private static Task<IReadOnlyList<Merged>> MergeAsync(TestClinic clinic, PatientId patient, bool isNew, params SourcedEntry[] entries) =>
        AsProviderAsync(clinic, patient, (tx, key) => ChartMerge.MergeAsync(tx, key, entries, isNew, default));

    private static Task<Entry> OpenAsync(TestClinic clinic, PatientId patient, string sql) => AsProviderAsync(clinic, patient, async (tx, key) =>
    {
        var (id, version, content) = (await tx.QueryAsync<(Guid, int, byte[])>(sql, new { patient }, default)).Single();
        return ChartBook.Open(key, new(id), version, content);
    });

    private static async Task<T> AsProviderAsync<T>(TestClinic clinic, PatientId patient, Func<ClinicTx, PatientKey, Task<T>> act)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditCharts, default);
        var key = await tx.OpenPatientAsync(patient, new("chart.read", "patient", patient.Value), default);
        var answer = await act(tx, key!);
        await tx.CommitAsync(default);
        return answer;
    }

    private static async Task<PatientId> PatientAsync(TestClinic clinic)
    {
        await StaffAsync(clinic);
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditPatients, default);
        var made = await PatientRegister.CreateAsync(tx, new Demographics { Names = [new PersonName { Family = "Sample" }] }, "patient.created", default);
        await tx.CommitAsync(default);
        return made.Value.Id;
    }

    private static async Task StaffAsync(TestClinic clinic) => await clinic.RowsAsync<int>(
        "insert into staff (id, display_name, role) values (@person, 'Test Provider', 'provider') on conflict do nothing",
        new { clinic.Actor(ClinicRole.Provider).Person });
}
