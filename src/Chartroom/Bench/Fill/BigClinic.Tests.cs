using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.AuditLog;

namespace Chartroom.Bench;

public sealed class BigClinicTests
{
    [Fact]
    public async Task A_filled_clinic_has_as_many_as_asked_whose_moves_rights_and_log_are_as_if_people_had_made_them()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var report = new StringWriter();
        var big = new BigClinic(clinic.The<TenantDb>(), clinic.The<ClinicProvisioner>(), clinic.Clock, report);

        await big.FillAsync(clinic.Id, 300, 4_000, default);
        await big.FillAsync(clinic.Id, 300, 4_000, default);   // a second run finds all done

        Assert.Equal((300L, 4_000L, 12L), (await clinic.OneAsync<long>("select count(*) from patient"), await clinic.OneAsync<long>("select count(*) from appointment"),
            await clinic.OneAsync<long>("select count(distinct provider_id) from appointment")));
        Assert.Equal(0, await clinic.OneAsync<long>("""
            select count(*)
            from appointment
            left join appointment_move on appointment_id = id and appointment_move.version = appointment.version
            where (appointment_move.status, appointment_move.starts_at, appointment_move.local_start, appointment_move.status_changed_at, at, coalesce(appointment_move.cancel_reason, ''))
                is distinct from (appointment.status, appointment.starts_at, appointment.local_start, appointment.status_changed_at, updated_at, coalesce(appointment.cancel_reason, ''))
                or appointment.starts_at <> appointment.local_start at time zone appointment.time_zone
            """));
        Assert.Equal(0, await clinic.OneAsync<long>("""
            select count(*)
            from (select at - lag(at) over (partition by appointment_id order by version) as step from appointment_move) as moves
            where step < interval '0'
            """));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from appointment_move where at > @now", new { now = clinic.Clock.GetUtcNow() }));
        Assert.Equal(0, await clinic.OneAsync<long>("""
            select count(*)
            from appointment
            where arrived_at is distinct from (select at from appointment_move where appointment_id = id and appointment_move.status = 'arrived')
                or taken_at is distinct from (select at from appointment_move where appointment_id = id and appointment_move.status = 'roomed')
                or seen_at is distinct from (select at from appointment_move where appointment_id = id and appointment_move.status = 'in_progress')
                or ready_at is distinct from (select at from appointment_move where appointment_id = id and appointment_move.status = 'ready_for_checkout')
                or done_at is distinct from (select at from appointment_move where appointment_id = id and appointment_move.status = 'completed')
            """));
        var states = await clinic.RowsAsync<string>("select distinct status from appointment where ends_at < @now order by status", new { now = clinic.Clock.GetUtcNow().AddDays(-1) });
        Assert.Equal(["cancelled", "completed", "left_without_being_seen", "no_show"], states);
        Assert.InRange(await clinic.OneAsync<long>("select count(*) from appointment where is_late_cancel"), 40, 400);

        var books = await clinic.The<Ledger.LedgerDayHandler>().CheckAsync(clinic.Actor(ClinicRole.Admin), default);
        Assert.True(books.IsRight, $"{books}");
        Assert.InRange(books.Postings, 2 * await clinic.OneAsync<long>("select count(*) from posting where kind = 'charge'"), 3 * await clinic.OneAsync<long>("select count(*) from posting where kind = 'charge'"));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from (select posted_at - lag(posted_at) over (order by number) as step from posting) as steps where step < interval '0'"));
        Assert.Equal((60L, 6L, 2L), await clinic.OneAsync<(long, long, long)>("select count(*), count(*) filter (where state = 'open'), count(*) filter (where is_by_program) from task"));
        Assert.Contains("Form for the employer", await clinic.As(ClinicRole.Admin).GetStringAsync("/api/v1/tasks?view=done"), StringComparison.Ordinal);   // its seal opens
        Assert.InRange(await clinic.OneAsync<long>("select count(*) from paper_receipt"), 600, 1800);
        var found = await clinic.The<SearchPatientsHandler>().HandleAsync(new(SyntheticPeople.Number(7).Names[0].Family!), clinic.Actor(ClinicRole.FrontDesk), default);
        Assert.NotEmpty(found.Value.Patients);
        Assert.Equal(300, await clinic.OneAsync<long>("select sum(cardinality(patient_ids)) from audit_event where action = 'patient.created'"));
        Assert.Equal(12, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'appointment.filled' and cardinality(patient_ids) > 0"));
        await clinic.The<Sealer>().SealAsync(new(clinic.Id, clinic.The<AuditSettings>().LogName), default);
        Assert.True((await clinic.The<VerifyLogHandler>().HandleAsync(clinic.Actor(ClinicRole.Admin), default)).Value.IsIntact, "The log is not intact.");
    }
}
