using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Staff;

/// <summary>Mail to all who administer a clinic.</summary>
public static class Administrators
{
    /// <summary>What a mail may say; nothing of a patient.</summary>
    /// <param name="Doer">Name of whoever did what is told.</param>
    /// <param name="Clinic">The clinic's name.</param>
    /// <param name="TimeZone">The clinic's, as IANA names it.</param>
    public sealed record Told(string Email, string Doer, string Clinic, string TimeZone);

    /// <summary>Puts a mail for each into the outbox; goes out once the transaction is committed.</summary>
    /// <param name="tx">On the shared side.</param>
    /// <param name="actor">Who did it, at which clinic.</param>
    /// <param name="subject">The same for all.</param>
    /// <param name="words">The body for one of them.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task TellAsync(PlatformTx tx, Actor actor, string subject, Func<Told, string> words, CancellationToken ct)
    {
        foreach (var to in await tx.QueryAsync<Told>(Select, new { actor.Clinic, actor.Person }, ct)) tx.Enqueue(new(to.Email, subject, words(to)), actor.Clinic);
    }

    private const string Select = """
        select person.email, doer.name as doer, clinic.name as clinic, clinic.time_zone
        from platform.membership
        join platform.person on person.id = membership.person_id and person.state = 'active'
        join platform.clinic on clinic.id = membership.clinic_id
        join platform.person as doer on doer.id = @person
        where membership.clinic_id = @clinic and membership.role = 'admin' and membership.ended_at is null
        order by person.email
        """;
}
