namespace LoRA.MLNet.Training;

/// <summary>What training does to be fast at the same result. Benchmarks switch one off to show what it gains.</summary>
internal sealed record TrainingOptimizations
{
    /// <summary>32-bit matrix products take the fastest way this machine has.</summary>
    public bool FastFloat32 { get; init; } = true;

    /// <summary>A batch holds rows of like length.</summary>
    public bool SortByLength { get; init; } = true;

    /// <summary>Rows of a batch follow each other without padding, where the encoder allows it.</summary>
    public bool Packing { get; init; } = true;

    /// <summary>Dropout draws its masks many at a time, instead of by libtorch.</summary>
    public bool FastDropout { get; init; } = true;

    /// <summary>Packed batches are filled up to a multiple of tokens, so that their sizes come again.</summary>
    public bool RoundTokens { get; init; } = true;

    /// <summary>Layers below everything that trains are computed in the first epoch only, where nothing is dropped in them and rows are packed.</summary>
    public bool CacheFrozenLayers { get; init; } = true;

    /// <summary>The memory of large tensors is kept from step to step.</summary>
    public bool KeepMemory { get; init; } = true;
}
