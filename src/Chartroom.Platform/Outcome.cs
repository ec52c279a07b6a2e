using System.Diagnostics.CodeAnalysis;

namespace Chartroom;

/// <summary>An expected "no". Declared once in its capability's <c>Refusals.cs</c>; the code is stable API, the title is for people and never holds PHI.</summary>
/// <param name="Code"><c>capability.kebab-reason</c>, shown as problem type <c>/problems/{code}</c>.</param>
/// <param name="Status">HTTP status, 400 to 503.</param>
/// <param name="Title">One sentence that says what to do, without any value the person typed.</param>
public sealed record Refusal(string Code, int Status, string Title)
{
    /// <summary>Field (camelCase, as in the request) → what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Further machine-readable members of the problem (ids, versions, numbers; never PHI).</summary>
    public IReadOnlyDictionary<string, object> Facts { get; init; } = new Dictionary<string, object>();

    /// <summary>The same refusal, blaming one more field.</summary>
    public Refusal On(string field, string message) => this with { Errors = new Dictionary<string, string>(Errors) { [field] = message } };

    /// <summary>The same refusal with one more fact.</summary>
    public Refusal With(string name, object fact) => this with { Facts = new Dictionary<string, object>(Facts) { [name] = fact } };
}

/// <summary>The value of an act that answers nothing but "done".</summary>
public readonly record struct Done
{
    /// <summary>The only value.</summary>
    public static readonly Done It;
}

/// <summary>What every handler returns: a value, or the reason why not. A <c>default</c> outcome is neither and throws when read.</summary>
public readonly struct Outcome<T>
{
    private readonly T? value;
    private readonly Refusal? refusal;
    private readonly bool isSet;

    private Outcome(T? value, Refusal? refusal) => (this.value, this.refusal, isSet) = (value, refusal, true);

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsOk => isSet ? refusal is null : throw new InvalidOperationException("An outcome that nobody set was read.");

    /// <summary>The value; throws when refused, for a caller that did not look first.</summary>
    public T Value => IsOk ? value! : throw new InvalidOperationException($"Refused: {refusal!.Code}");

    /// <summary>The reason, or null when there is a value.</summary>
    public Refusal? Refusal => refusal;

    /// <summary>A value is an outcome.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A refusal is an outcome.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    /// <summary>The same outcome with its value changed.</summary>
    public Outcome<TNext> Select<TNext>(Func<T, TNext> change) => IsOk ? change(Value) : Refusal;
}
