/** Well-known models: the names of their parameters are those of published weights. */
package dev.bellows.nn.models;
