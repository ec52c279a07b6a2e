using System.CommandLine;
using Chartroom.Keys;
using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Demo;

/// <summary>The verb <c>demo</c>, and what <c>serve</c> says about it.</summary>
internal static class DemoVerb
{
    public static void AddDemo(this IServiceCollection services) => services.AddSingleton<DemoAccounts>().AddSingleton<DemoSchedule>().AddSingleton<DemoLedger>().AddSingleton<DemoTranscripts>().AddSingleton<DemoClinic>();

    /// <param name="build">Puts the program together without workers.</param>
    public static Command Make(Func<WebApplication> build)
    {
        var verb = new Command("demo", "Make the demo clinic (slug demo), and say how to sign in to it.");
        verb.SetAction(async (_, ct) =>
        {
            await using var app = build();
            var demo = app.Services.GetRequiredService<DemoClinic>();
            await app.Services.GetRequiredService<Migrator>().MigrateAsync(ct);
            await app.Services.GetRequiredService<ReplayTombstones>().RunAsync(ct);
            await demo.MakeAsync(Console.Out.WriteLineAsync, ct);
            await Console.Out.WriteLineAsync(Greeting(app.Services));
            return 0;
        });
        return verb;
    }

    /// <summary>Where to go, as whom, and what to try first.</summary>
    public static string Greeting(IServiceProvider services)
    {
        var (address, mailbox) = (services.GetRequiredService<PlatformOptions>().PublicUrl, services.GetRequiredService<SmtpOptions>().MailboxUrl);
        var accounts = services.GetRequiredService<DemoAccounts>().Read();
        var text = new System.Text.StringBuilder($"\nChartroom is at {address}\n");
        if (!string.IsNullOrEmpty(mailbox)) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Its e-mails arrive at {mailbox}\n");
        if (accounts.Count == 0) return text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Sign up a practice: {address}/sign-up\n").ToString();
        text.Append("\nDemo clinic, one account a role (TOTP secrets go into an authenticator app, or: oathtool --totp -b SECRET):\n");
        foreach (var account in accounts)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {account.Role,-10}  {account.Email,-22}  {account.Password,-32}  TOTP {account.TotpSecret}\n");
        return text.Append($"""

            Try first:
              1. Sign in as the provider (Dr. Lindqvist), open one of her visits that are over, review its draft and sign it;
                 then see the results that wait for her under Still open, in her menu at the top right.
              2. As front desk: book, move, check in from the day view (press ? for the keys).
              3. As admin: see who looked at whom under Audit; take everything with you under Settings, Export.
            Diagnoses are searched once ICD-10-CM is loaded, which CMS gives away at cms.gov: ./chartroom codes load icd10cm-order-YYYY.txt

            """).ToString();
    }
}
