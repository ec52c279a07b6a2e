using System.Net;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

public sealed class SpentLinksTests
{
    [Fact]
    public async Task Ended_sessions_used_links_and_forgotten_guesses_are_gone_days_later_and_whoever_works_stays_signed_in()
    {
        // Long before any other test's clock: one database serves all tests, and what is spent here must not be alive there.
        await using var host = await TestClinic.OpenAsync(now: "2001-03-05T14:00:00Z");
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        await practice.Browser.PostAsync("/password-reset", ("email", practice.Email));
        await practice.Browser.PostAsync("/sign-out");
        await new TestBrowser(host.Anonymous()).PostAsync("/sign-in", ("email", "x" + practice.Email), ("password", "wrong"));
        await host.RowsAsync<int>("update platform.outbox set state = 'sent', sent_at = @now where recipient = @email", new { now = host.Clock.GetUtcNow(), email = practice.Email });

        host.Clock.Advance(TimeSpan.FromHours(23));
        await host.The<Housekeeping>().TidyAsync(CancellationToken.None);
        Assert.Equal((1, 1, 1, 1, 2), await LeftAsync(host, practice));   // the day after: all of it can still be looked at

        host.Clock.Advance(TimeSpan.FromDays(2));
        var (browser, _) = await practice.SignInAsync();
        await browser.PostAsync("/step-up", ("code", "000000"));
        await host.The<Housekeeping>().TidyAsync(CancellationToken.None);
        Assert.Equal((0, 0, 0, 1, 3), await LeftAsync(host, practice));   // the one session is the new one, in another browser, and a mail says so
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/settings/security")).Status);

        await host.RowsAsync<int>("update platform.outbox set state = 'sent', sent_at = @now where recipient = @email and state <> 'sent'", new { now = host.Clock.GetUtcNow(), email = practice.Email });
        host.Clock.Advance(TimeSpan.FromDays(31));
        await host.The<Housekeeping>().TidyAsync(CancellationToken.None);
        Assert.Equal((0, 0, 0, 0, 0), await LeftAsync(host, practice));
        Assert.Equal((1, 1), await RowsOfGuessesAsync(host, practice));   // only what is right ends a row of wrong ones

        host.Clock.Advance(TimeSpan.FromDays(400));
        await host.The<Housekeeping>().TidyAsync(CancellationToken.None);
        Assert.Equal((0, 0), await RowsOfGuessesAsync(host, practice));
        Assert.NotEqual(0, await host.OneAsync<long>("select count(*) from platform.audit_event where action = 'session.ended'"));   // the trail stays
    }

    private static Task<(long, long)> RowsOfGuessesAsync(TestClinic host, TestSignUp practice) => host.OneAsync<(long, long)>("""
        select (select count(*) from platform.sign_in_ceiling where account_hash = sha256(convert_to('x' || @email, 'UTF8'))),
            (select count(*) from platform.code_guard join platform.person on person.id = person_id where email = @email)
        """, new { email = practice.Email });

    private static Task<(long, long, long, long, long)> LeftAsync(TestClinic host, TestSignUp practice) => host.OneAsync<(long, long, long, long, long)>("""
        select (select count(*) from platform.sign_up where email = @email),
            (select count(*) from platform.password_reset join platform.person on person.id = person_id where email = @email),
            (select count(*) from platform.sign_in_guard where account_hash = sha256(convert_to('x' || @email, 'UTF8'))),
            (select count(*) from platform.session join platform.person on person.id = person_id where email = @email),
            (select count(*) from platform.outbox where recipient = @email)
        """, new { email = practice.Email });
}
