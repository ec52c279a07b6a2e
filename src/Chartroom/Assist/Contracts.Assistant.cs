using System.ClientModel;
using System.Text.Json;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Microsoft.Extensions.AI;

namespace Chartroom.Assist;

/// <summary>
/// Asks the outside model that a clinic turned on. No connection and no transaction is held while it answers; nothing of what was sent or came back is kept but the lines that the
/// caller keeps. Without a choice that is on there is nobody to ask, and no way to: <see cref="AskAsync"/> takes the choice.
/// </summary>
internal sealed class Assistant(ModelClients clients, AssistSettings settings, TimeProvider clock)
{
    /// <summary>How long a request may be under way, at most.</summary>
    public TimeSpan Longest => TimeSpan.FromSeconds(settings.TimeoutSeconds);

    /// <summary>What drafts for the feature as the clinic chose; built in where it never did.</summary>
    public static async Task<DraftsWith> DrafterAsync(ClinicTx tx, AssistFeature feature, CancellationToken ct) =>
        DrafterOf(await tx.QueryOneOrNoneAsync<string>("select drafts_with from assist_choice where feature = @feature", new { feature }, ct), feature);

    internal static DraftsWith DrafterOf(string? stored, AssistFeature feature) => stored switch
    {
        null => feature == AssistFeature.Transcription ? DraftsWith.Off : DraftsWith.BuiltIn,
        "off" => DraftsWith.Off,
        "built_in" => DraftsWith.BuiltIn,
        "outside" => DraftsWith.Outside,
        _ => throw new System.Diagnostics.UnreachableException(),   // assist_choice_drafts_with_known
    };

    /// <summary>The outside model that is on for the feature, or null: then what is built in drafts, or nothing.</summary>
    public static async Task<OutsideModel?> OutsideAsync(ClinicTx tx, AssistFeature feature, CancellationToken ct)
    {
        var row = await tx.QueryOneOrNoneAsync<ChoiceRow>("select provider, endpoint, model from assist_choice where feature = @feature and is_on", new { feature }, ct);
        return row is null ? null : new(AssistChoice.NameOf(row.ProviderNow), new Uri(row.Endpoint).Host, row.Model);
    }

    /// <summary>The same with its key, for asking; null when it is off. The program's own transactions only.</summary>
    public static async Task<AssistChoice?> ChosenAsync(ClinicTx tx, AssistFeature feature, CancellationToken ct)
    {
        var row = await tx.QueryOneOrNoneAsync<ChoiceRow>("""
            select row_id, provider, endpoint, model, api_key, price_in, price_out, currency
            from assist_choice
            where feature = @feature and is_on
            """, new { feature }, ct);
        if (row is null) return null;
        return new(row.ProviderNow, new(row.Endpoint), row.Model, row.PriceIn, row.PriceOut, row.Currency) { Key = row.ApiKey is { } sealedKey ? tx.OpenForClinic<string>(sealedKey, ChoiceRow.CellOf(row.RowId)) : null };
    }

    /// <summary>Writes down what a request cost; goes out with the next statement.</summary>
    public static void Keep(ClinicTx tx, AssistChoice choice, AssistAsk ask, AssistAnswer answer) => Keep(tx, choice, new(ask.Feature, ask.Job, answer.Failure, answer.Dropped, answer.Use));

    /// <summary>The same for a request of any kind.</summary>
    internal static void Keep(ClinicTx tx, AssistChoice choice, AssistEnd end) => tx.Queue("""
        insert into assist_call (id, feature, job_id, provider, host, model, prompt_version, outcome, tokens_in, tokens_out, audio_seconds, cost, currency, dropped, milliseconds, asked_at)
        values (@id, @feature, @job, @provider, @host, @model, @promptVersion, @outcome, @tokensIn, @tokensOut, @audioSeconds, @cost, @currency, @dropped, @took, @at)
        """, new
    {
        id = Guid.CreateVersion7(), end.Feature, end.Job, provider = choice.Provider, host = choice.Endpoint.Host, end.Use.Model, end.Use.PromptVersion, outcome = end.Failure ?? "done",
        end.Use.TokensIn, end.Use.TokensOut, end.Use.AudioSeconds, end.Use.Cost, choice.Currency, end.Dropped, took = (long)end.Use.Took.TotalMilliseconds, end.Use.At,
    });

    internal sealed record AssistEnd(AssistFeature Feature, Guid Job, string? Failure, int Dropped, AssistUse Use);

    /// <summary>One request, no tools, one answer in the form that was asked for. Every failure of the outside is a code; only being stopped is an exception.</summary>
    public async Task<AssistAnswer> AskAsync(AssistChoice choice, AssistAsk ask, CancellationToken ct)
    {
        var (at, began, used) = (clock.GetUtcNow(), clock.GetTimestamp(), new AssistUse(choice.Model, Prompt.Of(ask.Feature).Version, 0, 0, 0, default, default));
        AssistUse Use() => used with { At = at, Took = clock.GetElapsedTime(began) };
        using var patience = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var hidden = new Pseudonyms(ask.Private);
            using var client = clients.Of(choice);
            var answer = await client.GetResponseAsync([new(ChatRole.User, Prompt.Of(ask.Feature).Fenced(ask.Passages, hidden))], OptionsOf(ask), either.Token);
            used = Counted(used, choice, answer);
            Finished(answer.FinishReason);
            var (lines, dropped) = AnswerReader.Read(answer.Text, ask, hidden);
            return new(lines, dropped, lines.Count == 0 ? AssistTrouble.Empty : null, Use());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new([], 0, AssistTrouble.TooSlow, Use());
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            return new([], 0, told.Code, Use()) { RetryAfter = told.RetryAfter };
        }
        catch (Exception error) when (error is JsonException or Anthropic.Exceptions.AnthropicException or ClientResultException or InvalidOperationException or KeyNotFoundException
            or ArgumentException or FormatException or NotSupportedException)
        {
            return new([], 0, AssistTrouble.Unreadable, Use());   // what a vendor's package says of an answer that is not as described
        }
    }

    private ChatOptions OptionsOf(AssistAsk ask) => new()
    {
        Instructions = Prompt.Of(ask.Feature).Instructions, MaxOutputTokens = settings.MostTokens, ResponseFormat = ChatResponseFormat.ForJsonSchema(Prompt.Schema(ask.Sections), Prompt.Of(ask.Feature).Form),
        AdditionalProperties = new() { ["strictJsonSchema"] = true },
        RawRepresentationFactory = client => client.GetService(typeof(OpenAI.Chat.ChatClient)) is null ? null : new OpenAI.Chat.ChatCompletionOptions { StoredOutputEnabled = false },
    };

    private static AssistUse Counted(AssistUse use, AssistChoice choice, ChatResponse answer)
    {
        var (sent, answered) = (Math.Max(0, answer.Usage?.InputTokenCount ?? 0), Math.Max(0, answer.Usage?.OutputTokenCount ?? 0));
        var model = answer.ModelId is { Length: > 0 and <= 200 } named && named.All(sign => char.IsAsciiLetterOrDigit(sign) || "-_.:/@".Contains(sign, StringComparison.Ordinal)) ? named : choice.Model;
        return use with { Model = model, TokensIn = sent, TokensOut = answered, Cost = decimal.Round(((sent * choice.PriceIn) + (answered * choice.PriceOut)) / 1_000_000m, 6) };
    }

    private static void Finished(ChatFinishReason? reason)
    {
        if (reason == ChatFinishReason.Stop) return;
        throw new ModelException(reason == ChatFinishReason.Length ? AssistTrouble.Truncated : reason == ChatFinishReason.ContentFilter ? AssistTrouble.Declined : AssistTrouble.Unreadable);
    }

    internal static ModelException? Told(Exception? error)
    {
        while (error is not null and not ModelException) error = error.InnerException;
        return error as ModelException;
    }
}
