using System.Globalization;
using Chartroom.Patients;
using Chartroom.Platform.Outbox;
using Chartroom.Scheduling;
using Npgsql;

namespace Chartroom.Keys;

public sealed class DestroyPatientTests
{
    [Fact]
    public async Task CHT_5_KEY_3_A_record_ends_for_good_by_two_people_only_and_then_nobody_reads_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (patient, stays) = (await desk.AdmitAsync("Wilma", "Wrongly"), await desk.AdmitAsync("Stan", "Stays"));
        var (front, provider, admin) = (desk.Clinic.As(ClinicRole.FrontDesk), desk.Clinic.As(ClinicRole.Provider), desk.Clinic.As(ClinicRole.Admin));
        var (page, mrn) = ($"/patients/{patient}/destruction", await MrnAsync(desk, patient));

        Assert.Equal(409, (int)(await front.GetAsync(page)).StatusCode);   // still in the lists
        Assert.Equal((409, "keys.not-put-away"), await PostAsync(front, page, ("reason", "PatientRequest"), ("mrn", mrn)));
        await AwayAsync(desk, patient);
        Assert.Equal((404, "keys.no-destruction"), await PostAsync(admin, $"{page}/confirm", ("mrn", mrn)));
        Assert.Equal(422, (await PostAsync(front, page, ("reason", "because"), ("mrn", mrn))).Status);
        Assert.Equal((422, "keys.invalid-destruction"), await PostAsync(front, page, ("reason", "PatientRequest"), ("mrn", await MrnAsync(desk, stays))));
        Assert.Equal((303, null), await PostAsync(front, page, ("reason", "PatientRequest"), ("mrn", mrn)));
        Assert.Equal((409, "keys.destruction-asked"), await PostAsync(provider, page, ("reason", "Legal"), ("mrn", mrn)));
        await desk.Clinic.The<OutboxWorker>().DrainAsync(null, default);
        var mail = Assert.Single(desk.Clinic.Mail.Sent, mail => mail.Subject == "A record is asked to be destroyed" && mail.Recipient == $"{desk.Clinic.Actor(ClinicRole.Admin).Person.Value:N}@test.example");
        Assert.DoesNotContain("Wilma", $"{mail}", StringComparison.Ordinal);

        Assert.Equal((409, "patients.to-be-destroyed"), await PostAsync(admin, $"/patients/{patient}/restore"));
        Assert.Equal((409, "keys.not-yours-to-withdraw"), await PostAsync(provider, $"{page}/withdraw"));
        Assert.Equal((303, null), await PostAsync(front, $"{page}/withdraw"));
        Assert.Equal((404, "keys.no-destruction"), await PostAsync(front, $"{page}/withdraw"));

        Assert.Equal((303, null), await PostAsync(admin, page, ("reason", "PatientRequest"), ("mrn", mrn)));
        Assert.Equal((409, "keys.two-people"), await PostAsync(admin, $"{page}/confirm", ("mrn", mrn)));
        Assert.DoesNotContain("confirm-destruction", await admin.GetStringAsync(page), StringComparison.Ordinal);
        Assert.Equal((303, null), await PostAsync(admin, $"{page}/withdraw"));
        Assert.Equal((303, null), await PostAsync(provider, page, ("reason", "PatientRequest"), ("mrn", mrn)));
        Assert.Equal(403, (await PostAsync(provider, $"{page}/confirm", ("mrn", mrn))).Status);
        Assert.Contains("Wilma Wrongly", await admin.GetStringAsync("/settings/destruction"), StringComparison.Ordinal);
        Assert.Equal((422, "keys.invalid-destruction"), await PostAsync(admin, $"{page}/confirm", ("mrn", "1")));
        Assert.Equal((303, null), await PostAsync(admin, $"{page}/confirm", ("mrn", mrn)));

        Assert.Equal(404, (int)(await admin.GetAsync($"/patients/{patient}")).StatusCode);
        Assert.Equal(404, (int)(await admin.GetAsync(page)).StatusCode);
        Assert.Equal((404, "keys.no-key"), await PostAsync(admin, $"{page}/confirm", ("mrn", mrn)));
        Assert.DoesNotContain("Wilma", await admin.GetStringAsync("/patients?away=true"), StringComparison.Ordinal);
        var list = await admin.GetStringAsync("/settings/destruction");
        Assert.Contains("Destroyed record", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Wilma", list, StringComparison.Ordinal);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from patient_key where patient_id = @patient and wrapped is not null", new { patient = patient.Value }));
        Assert.Equal((desk.Clinic.Actor(ClinicRole.Provider).Staff.Value, desk.Clinic.Actor(ClinicRole.Admin).Staff.Value),
            await desk.Clinic.OneAsync<(Guid, Guid)>("select asked_by, confirmed_by from patient_destruction where patient_id = @patient", new { patient = patient.Value }));
        Assert.Equal("patient.destruction-confirmed admin, patient_key.destroyed system", await desk.Clinic.OneAsync<string>("""
            select string_agg(action || ' ' || role, ', ' order by id) from audit_event
            where outcome = 'done' and patient_ids = array[@patient] and action in ('patient.destruction-confirmed', 'patient_key.destroyed')
            """, new { patient = patient.Value }));
        Assert.Equal(200, (int)(await front.GetAsync($"/patients/{stays}")).StatusCode);
    }

    [Fact]
    public async Task CHT_5_Confirmed_withdrawn_and_brought_back_at_the_same_moment_one_of_them_wins()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (front, admin, won) = (desk.Clinic.As(ClinicRole.FrontDesk), desk.Clinic.As(ClinicRole.Admin), new List<string>());
        for (var round = 0; round < 8; round++)
        {
            var patient = await desk.AdmitAsync("Racing", $"Number{(char)('a' + round)}");
            var (page, mrn) = ($"/patients/{patient}/destruction", await MrnAsync(desk, patient));
            await AwayAsync(desk, patient);
            Assert.Equal((303, null), await PostAsync(front, page, ("reason", "Legal"), ("mrn", mrn)));
            var withdrawn = PostAsync(front, $"{page}/withdraw");
            var confirmed = PostAsync(admin, $"{page}/confirm", ("mrn", mrn));
            var back = PostAsync(front, $"/patients/{patient}/restore");
            var (isWithdrawn, isConfirmed, isBack) = ((await withdrawn).Status == 303, (await confirmed).Status == 303, (await back).Status == 303);
            var opens = await desk.Clinic.OneAsync<bool>("select exists (select from patient_key where patient_id = @patient and wrapped is not null)", new { patient = patient.Value });
            Assert.True(isWithdrawn != isConfirmed && opens == isWithdrawn && (!isBack || isWithdrawn), $"withdrawn {isWithdrawn}, confirmed {isConfirmed}, back {isBack}, opens {opens}");
        }
    }

    [Fact]
    public async Task CHT_5_What_was_confirmed_before_a_crash_is_finished_at_the_next_start()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var patient = await desk.AdmitAsync("Wilma", "Wrongly");
        await AwayAsync(desk, patient);
        await desk.Clinic.RowsAsync<int>("""
            insert into patient_destruction (patient_id, reason, asked_by, asked_at, confirmed_by, confirmed_at) values (@patient, 'legal', @provider, now(), @admin, now()) returning 1
            """, new { patient = patient.Value, provider = desk.Clinic.Actor(ClinicRole.Provider).Staff.Value, admin = desk.Clinic.Actor(ClinicRole.Admin).Staff.Value });
        Assert.Contains("Confirm once more", await desk.Clinic.As(ClinicRole.Admin).GetStringAsync($"/patients/{patient}/destruction"), StringComparison.Ordinal);

        await desk.Clinic.The<ReplayTombstones>().RunAsync(default);

        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from patient_key where patient_id = @patient and wrapped is not null", new { patient = patient.Value }));
        Assert.Contains(desk.Clinic.The<TombstoneList>().Read(), stone => stone.Patient == patient);
    }

    [Fact]
    public async Task KEY_3_Who_booked_online_leaves_no_address_and_no_link_that_works_once_their_key_is_destroyed()
    {
        await using var online = await OnlineBooking.OnlineDesk.OpenAsync();
        await online.BookAsync(online.Browser(), "2026-03-05T14:00:00Z", OnlineBooking.OnlineDesk.Person("Wilma", "Wrongly", "1980-03-04", "wilma@example.com"));
        var (link, patient) = (await online.LinkAsync("wilma@example.com"), await online.Clinic.OneAsync<Guid>("select patient_id from online_booking where typed is not null"));
        Assert.Equal(200, (int)(await online.Browser().OpenAsync(link)).Status);
        await online.RunAsync("update appointment set status = 'completed' returning 1");
        await AwayAsync(online.Desk, new(patient));
        await online.Clinic.RowsAsync<int>("""
            insert into patient_destruction (patient_id, reason, asked_by, asked_at, confirmed_by, confirmed_at) values (@patient, 'legal', @provider, now(), @admin, now()) returning 1
            """, new { patient, provider = online.Clinic.Actor(ClinicRole.Provider).Staff.Value, admin = online.Clinic.Actor(ClinicRole.Admin).Staff.Value });

        Assert.True((await online.Clinic.The<DestroyPatientKeyHandler>().HandleAsync(new(new(patient)), Actor.OfSystem(online.Clinic.Id), default)).IsOk);

        Assert.Equal((0L, 0L, 0L), await online.Clinic.OneAsync<(long, long, long)>("""
            select (select count(*) from online_booking where typed is not null), (select count(*) from visit_link), (select count(*) from outbox where patient_id = @patient)
            """, new { patient }));
        Assert.Equal(410, (int)(await online.Browser().OpenAsync(link)).Status);
    }

    [Theory]
    [InlineData("insert into patient_destruction (patient_id, reason, asked_by, asked_at, confirmed_by, confirmed_at) select id, 'legal', put_away_by, now(), put_away_by, now() from patient where put_away_by is not null")]
    [InlineData("insert into patient_destruction (patient_id, reason, asked_by, asked_at) select id, 'legal', (select id from staff limit 1), now() from patient where put_away_by is null")]
    [InlineData("update patient_destruction set confirmed_by = asked_by, confirmed_at = now()")]
    [InlineData("update patient set put_away_by = null, put_away_reason = null, deleted_at = null")]
    [InlineData("update patient_key set wrapped = null, destroyed_at = now()")]
    public async Task CHT_5_The_database_itself_lets_nobody_do_it_alone(string sql)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var patient = await desk.AdmitAsync("Wilma", "Wrongly");
        await AwayAsync(desk, patient);
        Assert.Equal((303, null), await PostAsync(desk.Clinic.As(ClinicRole.Admin), $"/patients/{patient}/destruction", ("reason", "Legal"), ("mrn", await MrnAsync(desk, patient))));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.Admin, sql));

        Assert.Contains(refused.SqlState, new[] { "42501", "23514", "23503" });   // no right, the constraint of two people, the foreign key
    }

    private static async Task<string> MrnAsync(SchedulingDesk desk, PatientId patient) =>
        (await desk.Clinic.OneAsync<long>("select mrn from patient where id = @patient", new { patient = patient.Value })).ToString(CultureInfo.InvariantCulture);

    private static async Task AwayAsync(SchedulingDesk desk, PatientId patient)
    {
        var version = await desk.Clinic.OneAsync<int>("select version from patient where id = @patient", new { patient = patient.Value });
        Assert.Equal((303, null), await PostAsync(desk.Clinic.As(ClinicRole.FrontDesk), $"/patients/{patient}/put-away", ("version", $"{version}"), ("reason", "to_be_destroyed")));
    }

    private static async Task<(int Status, string? Code)> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields)
    {
        using var answer = await client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        if ((int)answer.StatusCode < 400) return ((int)answer.StatusCode, null);
        var text = System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        return ((int)answer.StatusCode, Known.FirstOrDefault(refusal => text.Contains(refusal.Title, StringComparison.Ordinal))?.Code);
    }

    /// <summary>A page says a refusal in words.</summary>
    private static readonly Refusal[] Known =
        [Refusals.NoKey, Refusals.NotPutAway, Refusals.InvalidDestruction, Refusals.DestructionAsked, Refusals.NoDestruction, Refusals.TwoPeople, Refusals.NotYoursToWithdraw, Patients.Refusals.ToBeDestroyed];
}
