using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>A practice asks for an account.</summary>
/// <param name="Practice">Name of the practice, 1 to 200 characters.</param>
/// <param name="Name">Name of the person, who becomes its first administrator.</param>
/// <param name="Email">Their business address; it becomes the sign-in name.</param>
/// <param name="Phone">Telephone of the practice.</param>
public sealed record SignUp(string Practice, string Name, string Email, string Phone);

/// <summary>Sends a link to the address. Whether it has an account already is told only to whoever reads its mail.</summary>
internal sealed class SignUpHandler(PlatformDb db, Mails mails, AccountSettings settings)
{
    private const int MostMailsAnHour = 5;

    /// <summary>Refuses <c>accounts.incomplete</c>.</summary>
    public async Task<Outcome<Done>> HandleAsync(SignUp ask, Origin origin, CancellationToken ct)
    {
        var email = EmailAddress.Read(ask.Email);
        var phone = PhoneNumber.Read(ask.Phone);
        var wrong = WhatIsWrong(ask, email, phone);
        if (email is not { } address || phone is not { } number || wrong.Errors.Count > 0) return wrong;

        var token = SecretToken.New();
        await using var tx = await db.BeginAsync(origin, ct);
        var recent = await tx.QueryAsync<long>("select count(*) from platform.sign_up where email = @email and created_at > @since",
            new { email = address.Value, since = tx.Now.AddHours(-1) }, ct);
        if (recent.Single() >= MostMailsAnHour) return Done.It;   // nobody's mailbox is filled through us; the answer stays the same
        var isKnown = (await tx.QueryAsync<bool>("select true from platform.person where lower(email) = @email", new { email = address.Value }, ct)).Count > 0;
        var id = Guid.CreateVersion7();
        await tx.ExecuteAsync(Insert, new
        {
            id,
            hash = SecretToken.HashOf(token),
            ask.Practice,
            ask.Name,
            email = address.Value,
            phone = number.Value,
            now = tx.Now,
            until = tx.Now.AddHours(settings.SignUpHours),
        }, ct);
        tx.Enqueue(isKnown ? mails.AlreadyThere(address.Value) : mails.VerifySignUp(address.Value, token));
        tx.Audit(new Access("sign_up.asked", "sign_up", id), person: null);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal WhatIsWrong(SignUp ask, EmailAddress? email, PhoneNumber? phone)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Practice.Length is 0 or > 200) refusal = refusal.On("practice", "Give the name of the practice, at most 200 characters.");
        if (ask.Name.Length is 0 or > 200) refusal = refusal.On("name", "Give your name, at most 200 characters.");
        if (email is null) refusal = refusal.On("email", "This is not an e-mail address. It looks like name@practice.com.");
        else if (email.Value.IsFreeMail) refusal = refusal.On("email", "Use the address of your practice, not a private one: patient records are kept under it.");
        if (phone is null) refusal = refusal.On("phone", "This is not a telephone number. It looks like (303) 555-0123, or +44 20 7946 0018.");
        return refusal;
    }

    private const string Insert = """
        insert into platform.sign_up (id, token_hash, practice, name, email, phone, created_at, expires_at)
        values (@id, @hash, @practice, @name, @email, @phone, @now, @until)
        """;
}
