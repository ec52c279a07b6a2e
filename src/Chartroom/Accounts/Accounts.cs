using Chartroom.Platform;
using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

/// <summary>Accounts of people: signing up, in and out, second factors, passwords, sessions.</summary>
public static class Accounts
{
    /// <summary>Registers the handlers and reads section <c>Accounts</c>.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(PlatformSetup.Read<AccountSettings>(configuration, "Accounts"));
        services.AddSingleton<Mails>().AddSingleton<SignInGuard>().AddSingleton<CodeCheck>().AddSingleton<Credentials>().AddSingleton<PasswordRule>();
        services.AddSingleton<SignUpHandler>().AddSingleton<VerifySignUpHandler>().AddSingleton<AcceptInviteHandler>();
        services.AddSingleton<SignInHandler>().AddSingleton<GiveCodeHandler>().AddSingleton<SetUpAuthenticatorHandler>().AddSingleton<KeepRecoveryCodesHandler>();
        services.AddSingleton<ReplaceAuthenticatorHandler>().AddSingleton<ResetAuthenticatorHandler>().AddSingleton<ColleagueSessionsHandler>().AddSingleton<PasskeyCheck>().AddSingleton<OwnPasskeysHandler>().AddSingleton<GivePasskeyHandler>().AddSingleton<SwitchClinicHandler>().AddSingleton<ProveAgainHandler>();
        services.AddSingleton<StepUpProof>(provider => provider.GetRequiredService<ProveAgainHandler>().ProveAsync);
        services.AddSingleton<ResetPasswordHandler>().AddSingleton<ChangePasswordHandler>().AddSingleton<OwnSessionsHandler>().AddSingleton<OverdueSessions>().AddSingleton<StartHandler>().AddSingleton<ProgramSignIn>();
        services.AddSingleton<OwnProfileHandler>();
        foreach (var column in CodeCheck.Sealed) services.AddSingleton(column);
        services.AddSingleton(Credentials.Sealed);
        foreach (var rows in SpentLinks.All) services.AddSingleton(rows);
        return services;
    }

    /// <summary>Work in the background, for the verb <c>serve</c>.</summary>
    public static IServiceCollection AddAccountsWorkers(this IServiceCollection services) => services.AddHostedService(provider => provider.GetRequiredService<OverdueSessions>());

    /// <summary>Pages and API.</summary>
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        SignUpPages.Map(routes);
        SignInPages.Map(routes);
        PasswordPages.Map(routes);
        SecurityPages.Map(routes);
        ProfilePages.Map(routes);
        ResetAuthenticatorPages.Map(routes);
        ColleagueSessionsHandler.Map(routes);
        PasskeyPages.Map(routes);
        StepUpPages.Map(routes);
        SwitchClinicHandler.Map(routes);
        AccountsApi.Map(routes);
    }
}
