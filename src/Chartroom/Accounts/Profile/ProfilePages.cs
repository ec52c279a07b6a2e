using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>A person's own name and photo, as a page and for programs.</summary>
internal static class ProfilePages
{
    internal const string Path = "/settings/profile";

    /// <summary>Where a person's photo is.</summary>
    internal static string PhotoOf(PersonId person) => $"/people/{person}/photo";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (SignedIn who) => Show(who, FormState.Fresh)).RequiresOnlySession(mfa: true).Audits();
        routes.MapPost(Path, async (Form<EditProfile> form, OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            var named = await form.ThenAsync(ask => handler.NameAsync(ask, who, origin, ct));
            return named.IsOk ? Page.SeeOther(Path) : Show(who, form.Again(named.Refusal));
        }).RequiresOnlySession(mfa: true).Audits("profile.changed");
        routes.MapPost(Path + "/photo", async (Form<Nothing> form, OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            var given = await GiveAsync(form.Files, handler, who, origin, ct);
            return given.IsOk ? Page.SeeOther(Path) : Show(who, FormState.Fresh, form.Again(given.Refusal.On("photo", given.Refusal.Title)));
        }).RequiresOnlySession(mfa: true).Audits("photo.changed");
        routes.MapPost(Path + "/photo/remove", async (OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            await handler.RemoveAsync(who, origin, ct);
            return Page.SeeOther(Path);
        }).RequiresOnlySession(mfa: true).Audits("photo.removed");
        routes.MapGet("/people/{id:guid}/photo", SeeAsync).ExcludeFromDescription().RequiresOnlySession(mfa: true).Audits();

        var api = routes.MapGroup("/api/v1").WithTags("Accounts");
        api.MapGet("/account/profile", (SignedIn who) => TypedResults.Ok(new OwnProfile(who.PersonName, who.Email, who.HasPhoto ? $"/api/v1/people/{who.PersonId}/photo" : null)))
            .RequiresOnlySession(mfa: true).Audits().WithSummary("Your name, address and photo");
        api.MapPut("/account/profile", async (EditProfile ask, OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.NameAsync(ask, who, origin, ct)).ToHttp(_ => TypedResults.NoContent())).RequiresOnlySession(mfa: true).Audits("profile.changed").WithSummary("Change your name");
        api.MapPut("/account/photo", async (HttpRequest request, OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            using var file = new MemoryStream();
            await request.Body.CopyToAsync(file, ct);
            return (await handler.GiveAsync(file.ToArray(), who, origin, ct)).ToHttp(_ => TypedResults.NoContent());
        }).Accepts<Stream>("image/jpeg", "image/png", "image/webp").RequiresOnlySession(mfa: true).Audits("photo.changed").WithSummary("Give a photo of yourself: the body is a JPEG, PNG or WebP file of at most 7 MB");
        api.MapDelete("/account/photo", async (OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            await handler.RemoveAsync(who, origin, ct);
            return TypedResults.NoContent();
        }).RequiresOnlySession(mfa: true).Audits("photo.removed").WithSummary("Take your photo away");
        api.MapGet("/people/{id:guid}/photo", SeeAsync).RequiresOnlySession(mfa: true).Audits().WithSummary("A colleague's photo, or your own: JPEG, 256 by 256 pixels");
    }

    private static async Task<IResult> SeeAsync(Guid id, OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        (await handler.SeeAsync(new(id), who, origin, ct)).ToHttp(image => TypedResults.Bytes(image, "image/jpeg"));

    private static async Task<Outcome<Done>> GiveAsync(IFormFileCollection files, OwnProfileHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (files is not [{ Length: > 0 } sent]) return Refusals.NotAPhoto;
        using var file = new MemoryStream();
        await sent.CopyToAsync(file, ct);
        return await handler.GiveAsync(file.ToArray(), who, origin, ct);
    }

    private static IResult Show(SignedIn who, FormState form, FormState? photo = null) => Page.Of<ProfilePage>(new { Who = who, Form = form, PhotoForm = photo ?? FormState.Fresh },
        (photo?.Refusal ?? form.Refusal) is { } refusal ? PageStatus.Of(refusal) : StatusCodes.Status200OK);
}
