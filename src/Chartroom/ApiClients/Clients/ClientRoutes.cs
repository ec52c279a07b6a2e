using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.ApiClients;

/// <summary>The page and the API on which administrators let programs in.</summary>
internal static class ClientRoutes
{
    private const string Path = "/settings/api-clients";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/api-clients").WithTags("API clients").Requires(Permission.ManageApiClients);
        api.MapGet("", async (ClientBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(await book.ListAsync(actor, ct)))
            .Audits(ClientBook.Listed).WithSummary("The clinic's programs");
        api.MapPost("", async (CreateClient ask, CreateClientHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(ask, actor, ct)).ToHttp(given => TypedResults.Created($"/api/v1/api-clients/{given.ClientId}", given)))
            .RequiresStepUp().Audits("api_client.created").WithSummary("Lets a program in; its secret is shown this once");
        api.MapPost("/{client:guid}/secret", async (Guid client, RotateSecret ask, RotateSecretHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(client, ask, actor, ct)).ToHttp(TypedResults.Ok))
            .RequiresStepUp().Audits("api_client.secret-rotated").WithSummary("A new secret, shown this once; the one before goes on for a while");
        api.MapDelete("/{client:guid}", async (Guid client, ClientBook book, Actor actor, CancellationToken ct) => (await book.RevokeAsync(client, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Audits("api_client.revoked").WithSummary("Shuts a program out at once");

        var pages = routes.MapGroup(Path).ExcludeFromDescription().Requires(Permission.ManageApiClients);
        pages.MapGet("", async (ClientBook book, Actor actor, HttpContext http) => await ShowAsync(book, actor, new(), http)).Audits(ClientBook.Listed);
        pages.MapPost("", async (Form<CreateClient> form, CreateClientHandler handler, ClientBook book, Actor actor, HttpContext http) =>
        {
            var made = await form.ThenAsync(ask => handler.HandleAsync(ask, actor, http.RequestAborted));
            return await ShowAsync(book, actor, made.IsOk ? new() { Given = made.Value } : new() { Form = form.Again(made.Refusal) }, http);
        }).RequiresStepUp().Audits("api_client.created", ClientBook.Listed);
        pages.MapPost("/{client:guid}/secret", async (Guid client, Form<RotateSecret> form, ClientActs acts, Actor actor, HttpContext http) =>
        {
            var made = await form.ThenAsync(ask => acts.Rotate.HandleAsync(client, ask, actor, http.RequestAborted));
            return made.IsOk ? await ShowAsync(acts.Book, actor, new() { Given = made.Value }, http) : Page.Refused(made.Refusal);
        }).RequiresStepUp().Audits("api_client.secret-rotated", ClientBook.Listed);
        pages.MapPost("/{client:guid}/revoke", async (Guid client, Form<Nothing> form, ClientBook book, Actor actor, CancellationToken ct) =>
        {
            var gone = await book.RevokeAsync(client, actor, ct);
            return gone.IsOk ? Page.SeeOther(Path) : Page.Refused(gone.Refusal);
        }).Audits("api_client.revoked");
    }

    private static async Task<IResult> ShowAsync(ClientBook book, Actor actor, ClientsAnswer answer, HttpContext http) => Page.Of<ClientsPage>(new
    {
        Clients = await book.ListAsync(actor, http.RequestAborted), answer.Given, answer.Form,
        Zone = http.Features.Get<SignedIn>()?.TimeZone ?? "UTC", Now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
    }, answer.Form.Refusal?.Status ?? StatusCodes.Status200OK);

    /// <summary>What a post shows: a secret, or the form again.</summary>
    private sealed record ClientsAnswer
    {
        public GivenSecret? Given { get; init; }
        public FormState Form { get; init; } = FormState.Fresh;
    }

    /// <summary>The two that a rotation on the page needs.</summary>
    private sealed record ClientActs(RotateSecretHandler Rotate, ClientBook Book)
    {
        public static ValueTask<ClientActs?> BindAsync(HttpContext context) => ValueTask.FromResult<ClientActs?>(
            new(context.RequestServices.GetRequiredService<RotateSecretHandler>(), context.RequestServices.GetRequiredService<ClientBook>()));
    }
}
