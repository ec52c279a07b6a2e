using Chartroom.Platform.Identity;
using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Shows the agreement and takes the signature.</summary>
internal static class AgreementPages
{
    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/onboarding/agreement", (SignedIn who) => who.IsAgreementSigned
            ? Page.SeeOther("/")
            : Page.Of<AgreementPage>(new { Text = AgreementText.Current, Name = who.PersonName })).ForSetUp("agreement.signed");
        pages.MapPost("/onboarding/agreement", async (Form<SignAgreement> form, SignAgreementHandler handler, SignedIn who, Actor actor, CancellationToken ct) =>
        {
            var signed = await form.ThenAsync(ask => handler.HandleAsync(ask, who, actor, ct));
            return signed.IsOk
                ? Page.SeeOther("/")
                : Page.Of<AgreementPage>(new { Text = AgreementText.Current, Name = who.PersonName, Form = form.Again(signed.Refusal) }, SetUpRoutes.StatusOf(signed.Refusal));
        }).ForSetUp("agreement.signed");
    }
}
