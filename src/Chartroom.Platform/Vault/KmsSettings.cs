using System.ComponentModel.DataAnnotations;

namespace Chartroom.Platform.Vault;

/// <summary>Which key-management service wraps the clinics' keys.</summary>
public enum KmsProvider
{
    /// <summary>The key file <c>kms.json</c> in the secrets directory.</summary>
    Local,
    /// <summary>AWS KMS, by its HTTP API.</summary>
    Aws,
}

/// <summary>The key-management service. Section <c>Kms</c>. Changing it does not wrap anew what the other one wrapped.</summary>
public sealed record KmsSettings : IValidatableObject
{
    /// <summary><c>local</c> (the default) or <c>aws</c>.</summary>
    public KmsProvider Provider { get; init; }

    /// <summary>The AWS region, such as us-east-1.</summary>
    public string? Region { get; init; }

    /// <summary>Id, ARN or alias of a symmetric key.</summary>
    public string? KeyId { get; init; }

    /// <summary>Access key id of a user that may do kms:Encrypt and kms:Decrypt with that key and nothing else.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>File, readable by the program's user only, with the secret access key.</summary>
    public string? SecretAccessKeyFile { get; init; }

    /// <summary>Address of the service; default that of the region.</summary>
    [Url] public string? Endpoint { get; init; }

    /// <summary>Seconds that one call may take, 1 to 30. Default 5.</summary>
    [Range(1, 30)] public int TimeoutSeconds { get; init; } = 5;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider == KmsProvider.Aws && (Region is null || KeyId is null || AccessKeyId is null || SecretAccessKeyFile is null))
            yield return new("For the provider aws, set Kms__Region, Kms__KeyId, Kms__AccessKeyId and Kms__SecretAccessKeyFile.");
    }
}
